// Shows in the navigation where the reader is. Everything else works without this.
const links = new Map([...document.querySelectorAll(".side a")].map(link => [link.hash.slice(1), link]));
const headings = [...links.keys()].map(id => document.getElementById(id)).filter(Boolean);
function showPlace() {
  const above = headings.filter(heading => heading.checkVisibility() && heading.getBoundingClientRect().top < innerHeight / 3);
  const here = above.at(-1) ?? headings[0];
  for (const [id, link] of links) {
    if (id === here?.id) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  }
}
addEventListener("scroll", showPlace, {passive: true});
showPlace();

// On a phone, the folded navigation closes behind the reader.
for (const link of document.querySelectorAll(".menu a")) {
  link.addEventListener("click", () => link.closest("details").removeAttribute("open"));
}

// What a link leads to is unfolded.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
addEventListener("hashchange", unfold);
unfold();

// On a phone, figures scroll by themselves: with the keyboard too.
const boxes = document.querySelectorAll(".scroll:not([tabindex])");
const narrow = matchMedia("(max-width: 40rem)");
function letScroll() {
  for (const box of boxes) if (narrow.matches) box.tabIndex = 0; else box.removeAttribute("tabindex");
}
narrow.addEventListener("change", letScroll);
if (narrow.matches) letScroll();
