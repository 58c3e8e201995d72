"use strict";
for (const form of document.querySelectorAll("form[data-for=replay]")) {
  const slider = form.querySelector("input");
  const moments = [...document.querySelectorAll("[data-moment]")];
  const show = (at) => {
    moments.forEach((moment, number) => {
      moment.hidden = number !== at;
    });
    slider.value = at;
    slider.setAttribute("aria-valuetext", moments[at].dataset.moment);
    form.querySelector("output").textContent = moments[at].dataset.moment;
  };
  const follow = () => {
    const asked = moments.findIndex((moment) => `#${moment.id}` === location.hash);
    if (asked >= 0) show(asked);
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  slider.addEventListener("input", () => show(Number(slider.value)));
  addEventListener("hashchange", follow);
  moments.forEach((moment, number) => {
    const link = document.querySelector(`a[href="#${moment.id}"]`);
    link.addEventListener("click", () => show(number));
  });
  form.hidden = false;
  show(moments.length - 1);
  follow();
}
