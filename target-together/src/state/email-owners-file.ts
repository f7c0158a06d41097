export const addressFile = 'addresses.bin';

export const headBytes = 14;

// A piece becomes one object for each person in it: small ones are gone again before they count as old.
export const pieceBytes = 128 << 10;

export const writtenBytes = 64 << 10;
