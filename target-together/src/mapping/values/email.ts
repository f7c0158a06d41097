/** ASCII that only broken exports and display forms hold: blanks, brackets, separators, quotation marks. */
export const notInAddress = new Set(Array.from('\t\n\v\f\r <>()[]\\,;:"', (sign) => sign.charCodeAt(0)));

export const [atSign, dotSign, hyphen] = [0x40, 0x2e, 0x2d];
