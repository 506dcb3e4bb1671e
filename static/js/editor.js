/* Additions to the Markdown editor in the admin: a button to add a picture, words for what went wrong,
   and the Tab key left to the keyboard user, whom markdownx would otherwise trap in the text. */
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
