/** @file Numbers as people read them; the same everywhere on the page and in the terminal. */

/** Minus sign that aligns with figures. */
const MINUS = '−';

/** A number with fixed decimals and a real minus sign; "–" for what is not a number. */
export function fixed(value: number, decimals = 2): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** As `fixed`, with a plus sign before positive numbers. */
export function signed(value: number, decimals = 2): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** A whole number with thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A share of one as a percentage without decimals; "–" when there is nothing to share. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–';
}

/** An amount of money: two decimals, or as many as a small price needs. */
export function money(amount: number, currency: string): string {
  const decimals = amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2;
  return `${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: decimals })} ${currency}`;
}

/** A time span from milliseconds to hours, with two or three figures. */
export function duration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '–';
  if (durationMs < 1) return `${durationMs.toFixed(2)} ms`;
  if (durationMs < 1000) return `${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An interval "from … to …". */
export function interval(low: number, high: number, decimals = 2): string {
  return `${signed(low, decimals)} to ${signed(high, decimals)}`;
}

/** The name of a stage for people: `iteration-2` → "iteration 2", `sft` → "SFT". */
export function stageName(stage: string): string {
  return stage === 'sft' ? 'SFT' : stage.replace(/^iteration-/, 'iteration ');
}
