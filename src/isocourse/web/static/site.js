// The pages work without this file. It only saves a step or two where scripts run.
"use strict";
for (const back of document.querySelectorAll("input[data-here]")) back.value = location.pathname + location.search;
for (const box of document.querySelectorAll("select[data-submit]")) box.addEventListener("change", () => box.form.requestSubmit());
