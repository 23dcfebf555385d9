// A real provider of OpenID Connect on loopback, for tests. Any name may sign in, with any password; "clinician-7" is in the group
// "clinicians of the clinic". It prints the port that it listens on, and ends with the program that started it.
import http from 'node:http';
import Provider from 'oidc-provider';

const { CLIENT_ID, CLIENT_SECRET, BACK, GROUPS_IN_TOKEN } = process.env;

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [BACK], response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    conformIdTokenClaims: GROUPS_IN_TOKEN !== 'yes',
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: `Dr ${sub}`, groups: [`${sub.split('-')[0]}s of the clinic`, 'golf club'] }),
    }),
  });
  server.on('request', provider.callback());
  console.log(port);
});
process.stdin.on('end', () => process.exit(0)).resume();
