"use strict";
// Suggestions while somebody types a search. Without this file everything works all the same.
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

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });
})();
