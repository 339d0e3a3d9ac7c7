"use strict";
// Suggestions while somebody types a search, and on its own page what is found so far.
// Without this file everything works all the same.
(() => {
  const field = document.querySelector("input[data-suggest]");
  const list = field && document.getElementById(field.getAttribute("list"));
  if (!field || !list || !window.fetch) return;
  let timer = 0;
  let asked = "";
  let asking = null;

  const show = (words) => {
    list.replaceChildren(...words.map((word) => {
      const option = document.createElement("option");
      option.value = word;
      return option;
    }));
  };

  const ask = async () => {
    const words = field.value.trim();
    if (words === asked || words.length < 2) return;
    asked = words;
    if (asking) asking.abort();
    asking = new AbortController();
    try {
      const url = `${field.dataset.suggest}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(url, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") show([]);
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 160);
  });

  const found = document.getElementById("found");
  const told = document.getElementById("told");
  let shown = field.value.trim();
  let finding = null;
  let pause = 0;

  // Takes the place of what was found from the page that the form would lead to.
  const find = async () => {
    const words = field.value.trim();
    if (words === shown || words.length < 3) return;
    shown = words;
    if (finding) finding.abort();
    finding = new AbortController();
    const address = new URL(field.form.action);
    address.search = new URLSearchParams(new FormData(field.form));
    try {
      const answer = await fetch(address, { signal: finding.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      found.replaceChildren(...page.getElementById("found").childNodes);
      document.querySelector("footer").replaceWith(page.querySelector("footer"));
      document.title = page.title;
      history.replaceState(null, "", address);
      told.textContent = found.querySelector("h1").textContent;
    } catch (error) {
      if (error.name !== "AbortError") shown = "";
    }
  };

  if (found && told) {
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(find, 350);
    });
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });
})();
