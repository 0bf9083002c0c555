// The questions that looking.py asks of a page: each answers with a list, empty when all is well.
({
  // Text that does not fit into what holds it, where what does not fit is hidden.
  cut() {
    return this.all("main *, header *, nav *, footer *").filter((one) => {
      const style = getComputedStyle(one);
      const hides = ["hidden", "clip"].includes(style.overflowX);
      const isSeen = one.clientWidth > 2 && style.visibility === "visible";
      return hides && isSeen && one.innerText && one.scrollWidth > one.clientWidth + 1;
    }).map(this.named);
  },

  moving() {
    return this.all("*").filter((one) => {
      const style = getComputedStyle(one);
      return `${style.animationDuration},${style.transitionDuration}`
        .split(",").some((time) => parseFloat(time) > 0.001);
    }).map(this.named);
  },

  // What can be pressed or filled and has no edge: told from what is around it by colour alone.
  unmarked() {
    const controls = "main button, main [role=button], main input, main select, main textarea";
    const others = "[type=radio], [type=checkbox], [type=hidden], [type=file]";
    return this.all(controls).filter((one) => this.isSeen(one) && !one.matches(others))
      .filter((one) => {
        const style = getComputedStyle(one);
        const edges = ["borderTop", "borderBottom", "outline"].some((edge) =>
          style[`${edge}Style`] !== "none" && parseFloat(style[`${edge}Width`]) > 0);
        return !edges && !style.textDecorationLine.includes("underline");
      }).map(this.named);
  },

  // Pictures of figures with no table or list beside them that says the same in words.
  pictures() {
    return this.all("main svg[role=img]").filter((one) => this.isSeen(one))
      .filter((one) => one.querySelectorAll("rect, use, path, circle").length > 3)
      .filter((one) => {
        for (let up = one; up && up.localName !== "main"; up = up.parentElement)
          if (up.querySelector("table, dl, ul, ol")) return false;
        return true;
      }).map((one) => one.getAttribute("aria-label") || this.named(one));
  },

  focused() {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect();
    const label = one.labels && one.labels[0];
    const drawn = [getComputedStyle(one), ...(label ? [getComputedStyle(label, "::before")] : [])];
    return {
      what: this.named(one),
      place: this.all("*").indexOf(one),
      isMarked: drawn.some((style) => style.boxShadow !== "none"
        || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)),
      isOnScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  },

  ownOrder() {
    return this.all("[tabindex]").filter((one) => one.tabIndex > 0).map(this.named);
  },

  leadsTo(id) {
    const led = document.getElementById(id), has = document.activeElement;
    return Boolean(led && (led === has || led.contains(has)));
  },

  // The forms of a page but for signing out, each with what tells it from others of its kind.
  forms() {
    return this.all("form").map((form, place) => ({
      place,
      method: form.method,
      likeness: [...new URL(form.action).pathname.split("/").filter((part) => !/^\d+$/.test(part)),
        ...new Set([...form.elements].filter((one) => one.type !== "hidden")
          .map((one) => one.name))],
      named: `${form.method} ${new URL(form.action).pathname}`,
    })).filter((form) => !form.named.endsWith("/sign-out"));
  },

  // Send a form with nothing in it, or with a word that nothing is called by when it searches.
  send(place) {
    const form = document.forms[place];
    for (const one of form.querySelectorAll("input:not([type=hidden]), textarea")) {
      if (["radio", "checkbox"].includes(one.type)) one.checked = false;
      else if (["submit", "button"].includes(one.type)) continue;
      else one.value = form.method === "get" && one.type !== "date" ? "zyx" : "";
    }
    form.noValidate = true;
    form.requestSubmit(form.querySelector("[type=submit], button:not([type=button])"));
  },

  all: (where) => [...document.querySelectorAll(where)],
  isSeen: (one) => one.getClientRects().length > 0,
  named: (one) => `${one.localName}.${one.className.baseVal ?? one.className} `
    + (one.innerText || one.name || "").trim().slice(0, 40),
})
