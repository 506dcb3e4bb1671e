/* Additions to the Markdown editor in the admin: a button to add a picture, words for what went wrong,
   the Tab key left to the keyboard user, whom markdownx would otherwise trap in the text, keys of
   sources and claims offered while somebody types, and findings marked as old once it is changed. */
"use strict";

(function () {
  const REFUSED = "Invalid response"; // what markdownx writes into the text when an upload fails

  function say(editor, message) {
    editor.querySelector(".editor__status").textContent = message;
  }

  function insert(textarea, text) {
    textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, "end");
    textarea.focus();
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    textarea.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  }

  async function upload(editor, textarea, file) {
    const form = new FormData();
    form.append("image", file);
    say(editor, "Adding the picture…");
    try {
      const response = await fetch(textarea.dataset.markdownxUploadUrlsPath, {
        method: "POST",
        body: form,
        headers: {
          "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]").value,
          "X-Requested-With": "XMLHttpRequest",
        },
      });
      const answer = await response.json();
      if (answer.image_code) {
        insert(textarea, answer.image_code);
        say(editor, "Picture added. Now say in the square brackets what it shows.");
      } else {
        say(editor, `The picture was not added. ${answer.image.join(" ")}`);
      }
    } catch {
      say(editor, "The picture was not added. Save your text, sign in again and try once more.");
    }
  }

  function addButton(editor, textarea) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    label.className = "editor__button";
    label.textContent = "Add a picture";
    input.type = "file";
    input.className = "editor__file";
    input.accept = editor.dataset.imageTypes;
    input.addEventListener("change", () => {
      if (input.files.length) {
        upload(editor, textarea, input.files[0]);
        input.value = "";
      }
    });
    label.append(input);
    editor.prepend(label);
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Tab" && event.target.matches(".markdownx-editor")) {
        event.stopPropagation();
      }
    },
    true,
  );

  document.addEventListener("DOMContentLoaded", () => {
    for (const editor of document.querySelectorAll(".editor")) {
      const textarea = editor.querySelector("textarea");
      addButton(editor, textarea);
      editor.addEventListener("markdownx.fileUploadError", (event) => {
        const [answer] = event.detail;
        say(editor, `The picture was not added. ${(answer.image || []).join(" ")}`);
        setTimeout(() => {
          textarea.value = textarea.value.replace(REFUSED, "");
        });
      });
    }
  });
})();

/* Keys offered while somebody types what begins one, such as [@. The list stands under the text and
   the focus stays in it: arrow keys and Enter choose, Escape closes, and so does going on writing.
   Events are caught at the document, so that rows added to the form later have it too. */
(function () {
  const WAIT = 200; // milliseconds without typing before the server is asked
  const LONGEST = 60;

  let open = null; // { textarea, list, options, active, start, prefix } while a list is shown
  let timer = 0;
  let asking = null;

  function say(textarea, message) {
    textarea.closest(".editor").querySelector(".editor__status").textContent = message;
  }

  /* What is being typed before the cursor: its prefix, where that starts, and what follows it. */
  function typedIn(textarea) {
    if (textarea.selectionStart !== textarea.selectionEnd) {
      return null;
    }
    const before = textarea.value.slice(0, textarea.selectionStart);
    const prefixes = (textarea.closest(".editor").dataset.completions || "").split(" ");
    for (const prefix of prefixes.filter(Boolean)) {
      const start = before.lastIndexOf(prefix);
      const query = before.slice(start + prefix.length);
      if (start >= 0 && query.length <= LONGEST && !/[[\]\n]/.test(query)) {
        return { prefix, start, query };
      }
    }
    return null;
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
    if (open) {
      open.list.remove();
      for (const name of ["aria-controls", "aria-activedescendant"]) {
        open.textarea.removeAttribute(name);
      }
      say(open.textarea, "");
      open = null;
    }
  }

  function activate(index) {
    open.options[open.active]?.setAttribute("aria-selected", "false");
    open.active = (index + open.options.length) % open.options.length;
    const option = open.options[open.active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    open.textarea.setAttribute("aria-activedescendant", option.id);
  }

  function choose(option) {
    const { textarea, prefix, start } = open;
    const end = textarea.selectionStart;
    const closing = textarea.value[end] === "]" ? "" : "]";
    const text = prefix + option.dataset.key + closing;
    close();
    textarea.setRangeText(text, start, end, "end");
    if (!closing) {
      textarea.setSelectionRange(start + text.length + 1, start + text.length + 1);
    }
    textarea.focus();
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    textarea.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  }

  function optionFor(textarea, { key, label }, number) {
    const option = document.createElement("li");
    const code = document.createElement("code");
    option.id = `${textarea.id}-key-${number}`;
    option.className = "editor__key";
    option.dataset.key = key;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    code.textContent = key;
    option.append(code, ` ${label}`);
    option.addEventListener("click", () => choose(option));
    return option;
  }

  function show(textarea, typed, keys) {
    close();
    if (!keys.length) {
      say(textarea, "No key matches what you typed.");
      return;
    }
    const list = document.createElement("ul");
    const options = keys.map((each, number) => optionFor(textarea, each, number));
    list.id = `${textarea.id}-keys`;
    list.className = "editor__keys";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Keys");
    list.append(...options);
    // The text keeps the focus, and with it the cursor.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    textarea.closest(".editor__text").after(list);
    textarea.setAttribute("aria-autocomplete", "list");
    textarea.setAttribute("aria-controls", list.id);
    open = { textarea, list, options, active: -1, ...typed };
    list.scrollIntoView({ block: "nearest" });
    const many = keys.length === 1 ? "1 key" : `${keys.length} keys`;
    say(textarea, `${many} offered. Choose with the arrow keys and Enter; Escape closes the list.`);
  }

  async function ask(textarea, typed) {
    const address = new URL(textarea.closest(".editor").dataset.completionsUrl, location.href);
    address.searchParams.set("prefix", typed.prefix);
    address.searchParams.set("q", typed.query);
    asking?.abort();
    asking = new AbortController();
    try {
      const response = await fetch(address, { signal: asking.signal });
      if (!response.ok || response.redirected) {
        return; // writing goes on without
      }
      const { keys } = await response.json();
      if (document.activeElement === textarea) {
        show(textarea, typed, keys);
      }
    } catch {
      // Asked again meanwhile, or the server cannot be reached: writing goes on without.
    }
  }

  function isEditor(target) {
    return target.matches?.(".markdownx-editor") && target.closest(".editor");
  }

  document.addEventListener("input", (event) => {
    if (!isEditor(event.target)) {
      return;
    }
    const typed = typedIn(event.target);
    if (!typed || typed.start !== open?.start) {
      close(); // a list for the same place stays until the next one is there
    }
    clearTimeout(timer);
    if (typed) {
      timer = setTimeout(() => ask(event.target, typed), WAIT);
    }
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (!open || event.target !== open.textarea || event.isComposing) {
        return;
      }
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) {
        activate(open.active < 0 && event.key === "ArrowUp" ? -1 : open.active + steps[event.key]);
      } else if (event.key === "Escape") {
        close();
      } else if (event.key === "Enter" && open.active >= 0) {
        choose(open.options[open.active]);
      } else {
        if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
          close(); // the cursor leaves what was typed
        }
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  document.addEventListener("focusout", (event) => {
    if (isEditor(event.target)) {
      close();
    }
  });
})();

/* What the checks found beside a field is about the text as it was then. It stays, to be worked
   through, and says so as soon as somebody changes the text. */
(function () {
  document.addEventListener("input", (event) => {
    const row = event.target.closest?.(".form-row");
    const found = row?.querySelector(".findings:not(.findings--old)");
    if (!found) {
      return;
    }
    const note = document.createElement("p");
    note.className = "findings__note";
    note.textContent = "From the last check, before you changed the text. Check again to see what is left:";
    found.classList.add("findings--old");
    found.before(note);
  });
})();
