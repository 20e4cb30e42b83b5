// select.js - a list whose rows are ticked: tick the whole page, see how many, nothing to send when nobody is chosen.
//
//   <form data-selection>   rows with a checkbox, data-flagged on those that are ticked one by one or not at all;
//                           [data-select-all] a checkbox for the others of the page, [data-count] how many are ticked,
//                           [data-needs-selection] the button that is off while nothing is ticked

for (const form of document.querySelectorAll("[data-selection]")) {
  const all = form.querySelector("[data-select-all]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")].filter((box) => box !== all);
  const plain = boxes.filter((box) => !box.hasAttribute("data-flagged"));

  const summarise = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    for (const place of form.querySelectorAll("[data-count]")) place.textContent = chosen;
    for (const button of form.querySelectorAll("[data-needs-selection]")) button.disabled = chosen === 0;
    all.checked = plain.length > 0 && plain.every((box) => box.checked);
    all.indeterminate = chosen > 0 && !all.checked;
  };

  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked && plain.includes(box);
    summarise();
  });
  // The browser may bring back other ticks than the page was sent with.
  window.addEventListener("pageshow", summarise);
  summarise();
}
