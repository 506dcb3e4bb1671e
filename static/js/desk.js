/* Names what Django's admin leaves without a name for screen readers: the cells of tables that are
   edited, the time beside a date, and the search lists. */
"use strict";

(function () {
  function text(element) {
    return element ? element.textContent.trim().replace(/:$/, "") : "";
  }

  function columnName(field) {
    const cell = field.closest("td");
    const table = cell && cell.closest("table");
    const header = table && table.querySelector(`thead th.column-${fieldName(cell)}`);
    return text(header);
  }

  function fieldName(cell) {
    const found = [...cell.classList].find((name) => name.startsWith("field-"));
    return found ? found.slice("field-".length) : "none";
  }

  function rowName(field) {
    const row = field.closest("tr.form-row");
    return row ? `, row ${[...row.parentElement.querySelectorAll("tr.form-row")].indexOf(row) + 1}` : "";
  }

  function partName(field) {
    const part = { vDateField: " (date)", vTimeField: " (time)" };
    return field.closest(".datetime") ? part[field.classList[0]] || "" : "";
  }

  function nameOf(field) {
    const row = field.closest(".form-row, .flex-container");
    const label = document.querySelector(`label[for="${field.id}"]`) || (row && row.querySelector("label, legend"));
    const own = field.closest("td") ? columnName(field) + rowName(field) : text(label);
    return own + partName(field);
  }

  function nameFields() {
    for (const field of document.querySelectorAll("#content-main input, #content-main select, #content-main textarea")) {
      const named = field.type === "hidden" || (field.labels && field.labels.length) || field.ariaLabel;
      const name = named ? "" : nameOf(field);
      if (name) {
        field.setAttribute("aria-label", name);
      }
    }
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      if (select.nextElementSibling) {
        nameSearchList(select.nextElementSibling, nameOf(select) || select.ariaLabel);
      }
    }
  }

  function nameSearchList(list, name) {
    for (const part of list.querySelectorAll("[role=combobox], [role=searchbox], [role=textbox]")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
    for (const chosen of list.querySelectorAll("ul.select2-selection__rendered")) {
      chosen.setAttribute("role", "presentation");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const content = document.querySelector("#content-main");
    if (content) {
      nameFields();
      // Search lists and added rows come later.
      new MutationObserver(nameFields).observe(content, { childList: true, subtree: true });
    }
  });
})();
