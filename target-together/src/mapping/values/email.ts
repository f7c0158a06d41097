/** ASCII that only broken exports and display forms hold: blanks, brackets, separators, quotation marks. */
const notInAddress = '\t\n\v\f\r <>()[]\\,;:"';

/** By character code, below 128. */
export const isNotInAddress: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  notInAddress.includes(String.fromCharCode(code)),
);

export const [atSign, dotSign, hyphen] = [0x40, 0x2e, 0x2d];
