// Improves pages that work without it: components, the authority picker, one press at a time.
import { Button, CharacterCount, createAll, ErrorSummary, NotificationBanner, PasswordInput, SkipLink } from "./govuk-frontend.js";

// A place named in the address would take the focus from what says that something is wrong.
if (location.hash && document.querySelector(".govuk-error-summary")) {
  history.replaceState(history.state, "", location.pathname + location.search);
}

for (const component of [Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) {
  createAll(component);
}

// A form is sent once: the second press of any of its buttons does nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Long lists of authorities become a box to type in. The select stays what is sent.
function improve(select) {
  const { id } = select;
  const describedBy = select.getAttribute("aria-describedby");
  const isWrong = select.classList.contains("govuk-select--error");
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    autoselect: false,
    confirmOnBlur: true,
    showAllValues: true,
    dropdownArrow: ({ className }) =>
      `<svg class="${className}" aria-hidden="true" focusable="false" viewBox="0 0 22 17"><path d="M0 0h22L11 17z"/></svg>`,
    defaultValue: select.value ? select.selectedOptions[0].textContent.trim() : "",
    inputClasses: isWrong ? "govuk-input--error" : "",
    onConfirm: (label) => {
      const typed = (label ?? document.getElementById(id).value).trim().toLowerCase();
      const named = [...select.options].find((one) => one.text.trim().toLowerCase() === typed);
      select.value = named ? named.value : ""; // words that name nobody choose nobody
      select.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
  const box = document.getElementById(id);
  if (box && describedBy) {
    box.setAttribute("aria-describedby", `${describedBy} ${box.getAttribute("aria-describedby") || ""}`.trim());
  }
}
if (window.accessibleAutocomplete) {
  for (const select of document.querySelectorAll("select[data-autocomplete]")) improve(select);
}

// Pages that wait for long work look again by themselves. Until it is over only what waits is said
// anew, so that nobody loses their place.
const waiting = document.querySelector("[data-refresh]");
function lookLater() {
  setTimeout(() => lookAgain().catch(lookLater), Number(waiting.dataset.refresh) * 1000);
}
async function lookAgain() {
  const answer = await fetch(location.href);
  const there = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = there.querySelector("[data-refresh]");
  if (!now) return location.reload();
  if (now.innerHTML !== waiting.innerHTML) waiting.replaceChildren(...now.childNodes);
  lookLater();
}
if (waiting) lookLater();
