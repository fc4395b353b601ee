// <time datetime data-when="ago|day|full|clock"> in the reader's words, zone and clock.
{
  const spoken = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const days = (date) => Math.round((new Date(date).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86400000);
  const thisYear = (date) => date.getFullYear() === new Date().getFullYear();
  const day = (date) => {
    const away = days(date);
    if (away > -2) return spoken.format(away, "day");
    return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: thisYear(date) ? undefined : "numeric" });
  };
  const full = (date) => date.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  const ago = (date) => {
    const minutes = Math.round((Date.now() - date) / 60000);
    if (minutes < 1) return "just now";
    if (minutes < 60) return spoken.format(-minutes, "minute");
    if (minutes < 60 * 12) return spoken.format(-Math.round(minutes / 60), "hour");
    return day(date);
  };
  const clock = (date) => {
    const time = date.toLocaleTimeString("en-GB");
    return days(date) === 0 ? time : `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
  };
  const styles = { ago, day, full, clock };
  const tell = () => {
    for (const element of document.querySelectorAll("time[data-when]")) {
      const date = new Date(element.dateTime);
      if (Number.isNaN(date.getTime())) continue;
      const text = (styles[element.dataset.when] ?? ago)(date);
      if (element.textContent !== text) element.textContent = text;
      element.title = full(date);
    }
  };
  tell();
  document.addEventListener("htmx:after:swap", tell);
  setInterval(tell, 30000);
}
