/* Keeps what somebody types in the form of a page: on the server, apart from the history, and in this
   browser while the server cannot be reached. Says who else has the page open. Saves nothing: that
   stays the button's. Without this script the form works as before. */
"use strict";

(function () {
  const QUIET = 2000; // after the last keystroke
  const AT_MOST = 15000; // while typing goes on
  const RETRY = 15000;
  const ALIVE = 60000;
  const STORED = "Your text is kept in this browser and will be sent when";
  const WORDS = {
    offline: `You are offline. ${STORED} you are back.`,
    unreachable: `The website cannot be reached. ${STORED} it can be reached again.`,
    signedOut:
      "You have been signed out. Your text is kept in this browser. When you save, you are asked to" +
      " sign in, and go on where you were.",
    tooLong: "This text is too long to be kept while you write. Save it, in parts if need be.",
    nowhere:
      "Your text could not be kept, neither on the website nor in this browser. Copy it somewhere" +
      " safe before you close this page.",
  };

  // --- the form as a list of [name, value, label of what was chosen] -----------------------------

  function isText(field) {
    const isButton = ["submit", "button", "reset", "image", "file"].includes(field.type);
    const isOurs = field.name && field.name !== "csrfmiddlewaretoken" && !field.name.includes("__prefix__");
    return isOurs && !isButton && !field.disabled && field.tagName !== "FIELDSET";
  }

  function fieldsOf(form) {
    return [...form.elements].filter(isText).flatMap((field) => {
      if (field.tagName === "SELECT") {
        return [...field.selectedOptions].map((option) => [field.name, option.value, option.text]);
      }
      const isOff = ["checkbox", "radio"].includes(field.type) && !field.checked;
      return isOff ? [] : [[field.name, field.value, ""]];
    });
  }

  function same(one, other) {
    const plain = (fields) => JSON.stringify(fields.map(([name, value]) => [name, value]));
    return plain(one) === plain(other);
  }

  // --- bringing a form back ----------------------------------------------------------------------

  function setRows(form, fields) {
    for (const [name, value] of fields) {
      if (!name.endsWith("-TOTAL_FORMS")) {
        continue;
      }
      const prefix = name.slice(0, -"-TOTAL_FORMS".length);
      const group = document.getElementById(`${prefix}-group`);
      const total = form.elements[name];
      const click = (selector) => {
        const before = total.value;
        const links = group.querySelectorAll(selector);
        if (links.length) {
          links[links.length - 1].click();
        }
        return total.value !== before;
      };
      while (group && total && Number(total.value) < Number(value) && click(".add-row a")) {
        // one more row
      }
      while (group && total && Number(total.value) > Number(value) && click(".inline-deletelink")) {
        // one row less
      }
    }
  }

  function setOptions(select, wanted) {
    for (const [, value, label] of wanted) {
      if (![...select.options].some((option) => option.value === value)) {
        select.add(new Option(label || value, value));
      }
    }
    for (const option of select.options) {
      option.selected = wanted.some(([, value]) => value === option.value);
    }
  }

  function bringBack(form, fields) {
    setRows(form, fields);
    const byName = new Map();
    for (const field of fields) {
      byName.set(field[0], [...(byName.get(field[0]) || []), field]);
    }
    for (const field of [...form.elements].filter(isText)) {
      const wanted = byName.get(field.name) || [];
      if (/-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(field.name)) {
        continue;
      }
      if (field.tagName === "SELECT") {
        setOptions(field, wanted);
      } else if (["checkbox", "radio"].includes(field.type)) {
        field.checked = wanted.some(([, value]) => value === field.value);
      } else if (wanted.length) {
        field.value = wanted.shift()[1];
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // --- this browser ------------------------------------------------------------------------------

  class LocalCopy {
    constructor(key) {
      this.key = key;
    }

    read() {
      try {
        return JSON.parse(localStorage.getItem(this.key));
      } catch {
        return null;
      }
    }

    write(copy) {
      try {
        localStorage.setItem(this.key, JSON.stringify(copy));
        return true;
      } catch {
        return false;
      }
    }

    remove() {
      try {
        localStorage.removeItem(this.key);
      } catch {
        // Nothing can be stored here, so nothing is.
      }
    }
  }

  // --- the server --------------------------------------------------------------------------------

  function token(form) {
    // The cookie is newer than the form when somebody signed in again in another tab.
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  async function post(url, form, fields) {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(fields.map(([name, value]) => [name, value])),
        headers: { "X-CSRFToken": token(form), "X-Requested-With": "XMLHttpRequest" },
        redirect: "manual",
      });
    } catch {
      return { trouble: navigator.onLine ? "unreachable" : "offline" };
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      return { trouble: "signedOut" };
    }
    if (response.status === 413 || response.status === 400) {
      return { trouble: "tooLong" };
    }
    try {
      const at = Date.parse(response.headers.get("Date"));
      return response.ok ? { at, ...(await response.json()) } : { trouble: "unreachable" };
    } catch {
      return { trouble: "unreachable" };
    }
  }

  // --- one form ----------------------------------------------------------------------------------

  class Autosave {
    constructor(form, work) {
      this.form = form;
      this.data = work.dataset;
      this.status = work.querySelector(".page-work__status");
      this.choice = work.querySelector(".page-work__choice");
      this.people = form.querySelector("[data-colleagues]");
      this.copy = new LocalCopy(`typed:${this.data.page}:${this.data.user}`);
      this.kept = fieldsOf(form); // as the server last had it
      this.unsent = false;
      this.trouble = "";
      this.clockAhead = 0; // of the server's, in milliseconds
      this.isSending = false;
      this.isLeaving = false;
      this.quiet = this.latest = this.retry = null;
    }

    start() {
      const typed = () => this.typed();
      if (window.django && window.django.jQuery) {
        // Search lists tell of a choice by jQuery alone.
        window.django.jQuery(this.form).on("input change", typed);
      } else {
        this.form.addEventListener("input", typed);
        this.form.addEventListener("change", typed);
      }
      document.addEventListener("formset:added", typed);
      document.addEventListener("formset:removed", typed);
      document.addEventListener("visibilitychange", () => (document.hidden ? this.send() : this.signOfLife()));
      window.addEventListener("online", () => this.unsent && this.send());
      window.addEventListener("beforeunload", (event) => this.leave(event));
      window.addEventListener("pageshow", () => (this.isLeaving = false));
      this.form.addEventListener("submit", (event) => this.submit(event));
      setInterval(() => this.signOfLife(), ALIVE);
      this.offerCopy();
      if (document.querySelector(".errornote")) {
        // What came back with mistakes is not on the server yet.
        this.kept = [];
        this.typed();
      }
    }

    typed() {
      this.unsent = true;
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => this.send(), QUIET);
      this.latest = this.latest || setTimeout(() => this.send(), AT_MOST);
    }

    async send() {
      clearTimeout(this.quiet);
      clearTimeout(this.latest);
      clearTimeout(this.retry);
      this.latest = null;
      if (!this.unsent || this.isLeaving) {
        return;
      }
      if (this.isSending) {
        this.quiet = setTimeout(() => this.send(), QUIET);
        return;
      }
      const fields = fieldsOf(this.form);
      if (same(fields, this.kept)) {
        this.unsent = false;
        return;
      }
      this.isSending = true;
      this.unsent = false; // whatever is typed from here on is for the next time
      const answer = await post(this.data.workUrl, this.form, fields);
      this.isSending = false;
      if (answer.trouble) {
        this.unsent = true;
        this.fail(answer.trouble, fields);
        return;
      }
      this.kept = fields;
      this.trouble = "";
      this.clockAhead = answer.at ? Date.now() - answer.at : 0;
      if (this.choice.hidden) {
        this.copy.remove();
      }
      this.say(`Kept at ${answer.kept_at}. Not saved as a version yet.`);
      this.showPeople(answer.colleagues);
    }

    fail(trouble, fields) {
      this.trouble = trouble;
      const isStored = this.store(fields);
      this.say(isStored ? WORDS[trouble] : WORDS.nowhere);
      if (trouble !== "tooLong") {
        this.retry = setTimeout(() => this.send(), RETRY);
      }
    }

    store(fields, more) {
      const at = Date.now() - this.clockAhead;
      return this.copy.write({ at, version: Number(this.data.version), fields, ...more });
    }

    async signOfLife() {
      if (document.hidden || this.isSending || this.isLeaving) {
        return;
      }
      if (this.unsent) {
        this.send();
        return;
      }
      const answer = await post(this.data.workUrl, this.form, []);
      if (!answer.trouble) {
        if (this.trouble) {
          this.trouble = "";
          this.say("");
        }
        this.showPeople(answer.colleagues);
      } else if (answer.trouble === "signedOut" && !this.unsent) {
        this.trouble = answer.trouble;
        this.say("You have been signed out. What you type is kept in this browser until you sign in again.");
      }
    }

    leave(event) {
      if (!this.isLeaving && (this.unsent || this.isSending) && !same(fieldsOf(this.form), this.kept)) {
        event.preventDefault();
      }
    }

    submit(event) {
      const name = event.submitter ? event.submitter.name : "_save";
      if (event.defaultPrevented || name === "_preview") {
        return;
      }
      this.isLeaving = true;
      if (this.unsent || this.trouble) {
        // Should the post get lost, the text is still here when the form is opened again.
        this.store(fieldsOf(this.form), { handedOver: !this.trouble && name !== "_check" });
      }
    }

    // --- what is said ----------------------------------------------------------------------------

    say(words) {
      if (this.status.textContent !== words) {
        this.status.textContent = words;
      }
      this.status.classList.toggle("page-work__status--trouble", Boolean(this.trouble));
    }

    showPeople(names) {
      const lines = (names || []).map((each) => {
        const at = each.lastIndexOf(", since ");
        return `${each.slice(0, at)} has had this page open since ${each.slice(at + ", since ".length)}.`;
      });
      if (lines.length) {
        lines.push("If you both save, you will be shown both texts.");
      }
      const before = [...this.people.children].map((line) => line.textContent.trim());
      if (JSON.stringify(before) !== JSON.stringify(lines)) {
        this.people.hidden = !lines.length;
        this.people.replaceChildren(
          ...lines.map((words) => {
            const line = document.createElement("p");
            line.textContent = words;
            return line;
          }),
        );
      }
    }

    // --- text from before ------------------------------------------------------------------------

    offerCopy() {
      const copy = this.copy.read();
      if (!copy || !Array.isArray(copy.fields)) {
        return;
      }
      const isSaved = copy.handedOver && copy.version < Number(this.data.version);
      const isOlder = copy.at < 1000 * Number(this.data.typedAt || 0);
      if (isSaved || isOlder || same(copy.fields, this.kept)) {
        this.copy.remove();
        return;
      }
      const when = new Date(copy.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
      const newer =
        copy.version < Number(this.data.version)
          ? " The page was saved again since. If you save your text, you will be shown both."
          : "";
      this.choice.append(
        `This browser has text that you typed here on ${when}, and that never reached the website.${newer} `,
        this.button("Bring it back", () => {
          this.closeChoice();
          bringBack(this.form, copy.fields);
          this.unsent = true;
          this.say("Your text is back. It is not saved yet.");
          this.send();
        }),
        this.button("Throw it away", () => {
          this.closeChoice();
          this.copy.remove();
          this.say("The text in this browser was thrown away.");
        }),
      );
      this.choice.hidden = false;
    }

    button(words, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = words;
      button.addEventListener("click", act);
      return button;
    }

    closeChoice() {
      this.choice.hidden = true;
      this.choice.replaceChildren();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const work = document.querySelector("[data-work-url]");
    if (work && work.closest("form")) {
      new Autosave(work.closest("form"), work).start();
    }
  });
})();
