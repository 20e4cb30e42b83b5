// theme.js - runs before the first paint: says that scripts work, and follows the system's dark mode
// where the reader has chosen nothing. A choice lives in a cookie, so the server has already written it into <html>.
{
  const page = document.documentElement;
  page.classList.add("js");
  if (!page.hasAttribute("data-bs-theme") && window.matchMedia("(prefers-color-scheme: dark)").matches) {
    page.setAttribute("data-bs-theme", "dark");
  }
}
