// Stands first in the body, before the components start: says that scripts run, so that they
// and the styles may rely on it. What folds is folded on a phone once the page is read.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
document.addEventListener("DOMContentLoaded", function () {
  if (matchMedia("(max-width: 640px)").matches) {
    document.querySelectorAll("details[data-folds]").forEach(function (part) {
      part.open = false;
    });
  }
  document.body.classList.add("is-ready");
});
