/**
 * Runs before the chart library: it makes a number format of `navigator.language` while it loads,
 * and throws where that is no BCP 47 tag (`en-US@posix` of a bare POSIX locale). Then it is told
 * another one; charts write their numbers themselves.
 */
(() => {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
  }
})();
