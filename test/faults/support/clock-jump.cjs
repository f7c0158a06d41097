// Loaded with --require: the wall clock jumps by CLOCK_JUMP_MS after CLOCK_JUMP_AFTER readings. The monotonic clock goes on,
// as it does when NTP or an administrator sets a machine's time.
const by = Number(process.env.CLOCK_JUMP_MS);
let left = Number(process.env.CLOCK_JUMP_AFTER ?? 0);
const Real = Date;
const now = () => Real.now() + (left-- > 0 ? 0 : by);
globalThis.Date = class extends Real {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }
  static now() {
    return now();
  }
};
