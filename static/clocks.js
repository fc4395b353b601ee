// Clocks go on between two answers: "0:34" upwards where something runs, "in 4 s" downwards where it waits.
{
  const RUNNING = ".clock, .now .step-time";
  const bases = new WeakMap(); // a clock -> what it showed at which moment, and which way it goes
  const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const two = (number) => String(number).padStart(2, "0");
  const clock = (s) => (s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`);
  const KINDS = [
    { shape: /^(?:\d+:)?\d{1,2}:\d\d$/, read: seconds, step: 1, write: clock },
    { shape: /^in (\d+) s$/, read: (text) => Number(text.slice(3, -2)), step: -1, write: (s) => (s > 0 ? `in ${s} s` : "now") },
  ];
  const now = (base) => Math.max(0, base.from + base.kind.step * Math.floor((performance.now() - base.at) / 1000));

  // What the server said last counts, but for the second by which the two may differ.
  const baseOf = (element) => {
    const text = element.textContent.trim();
    const base = bases.get(element);
    if (base && base.text === text) return base;
    const kind = KINDS.find(({ shape }) => shape.test(text));
    if (!kind) return undefined;
    if (base?.kind === kind && Math.abs(now(base) - kind.read(text)) <= 1) return base;
    return { kind, from: kind.read(text), at: performance.now() };
  };
  const tick = () => {
    for (const element of document.querySelectorAll(RUNNING)) {
      const base = baseOf(element);
      if (!base) continue;
      base.text = base.kind.write(now(base));
      bases.set(element, base);
      if (element.textContent !== base.text) element.textContent = base.text;
    }
  };
  document.addEventListener("htmx:after:swap", tick);
  setInterval(tick, 1000);
  tick();
}
