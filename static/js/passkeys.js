/* Joins the button of a page with django-allauth's scripts, which talk to the browser's passkeys.
   Without a browser that knows passkeys the button stays hidden. */
"use strict";

(function () {
  const form = document.querySelector("form[data-passkey]");
  const button = document.getElementById("passkey-button");
  const options = document.getElementById("passkey-options");
  if (!form || !button || !options || !window.PublicKeyCredential) {
    return;
  }
  const data = JSON.parse(options.textContent);
  window.allauth.webauthn.forms[form.dataset.passkey]({
    ids: { add: button.id, authenticate: button.id, credential: "passkey-credential" },
    data: { creation_options: data, request_options: data },
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // it would only be written to the console
    const trouble = form.querySelector("[data-passkey-trouble]");
    trouble.textContent = "The browser has not given a passkey. Try again.";
    trouble.hidden = false;
  });
  button.hidden = false;
})();
