"use strict";
// Suggestions while somebody types a search, and on its own page what is found so far.
// Without this file everything works all the same.
(() => {
  const field = document.querySelector("input[data-suggest]");
  const list = field && document.getElementById(field.getAttribute("list"));
  if (!field || !list || !window.fetch) return;

  // Does something with what stands in the field, each time that somebody pauses; the last counts.
  const atPauses = (pause, least, act) => {
    let timer = 0;
    let last = field.value.trim();
    let running = null;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const words = field.value.trim();
        if (words === last || words.length < least) return;
        last = words;
        if (running) running.abort();
        running = new AbortController();
        try {
          await act(words, running.signal);
        } catch (error) {
          if (error.name !== "AbortError") last = "";
        }
      }, pause);
    });
  };

  const show = (words) => {
    list.replaceChildren(...words.map((word) => {
      const option = document.createElement("option");
      option.value = word;
      return option;
    }));
  };

  atPauses(160, 2, async (words, signal) => {
    const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal });
    if (answer.ok) show((await answer.json()).suggestions);
  });

  // Takes the place of what was found from the page that the form would lead to.
  const found = document.getElementById("found");
  const told = document.getElementById("told");
  if (found && told) {
    atPauses(350, 3, async (_words, signal) => {
      const address = new URL(field.form.action);
      address.search = new URLSearchParams(new FormData(field.form));
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      found.replaceChildren(...page.getElementById("found").childNodes);
      document.querySelector("footer").replaceWith(page.querySelector("footer"));
      document.title = page.title;
      history.replaceState(null, "", address);
      told.textContent = found.querySelector("h1").textContent;
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
