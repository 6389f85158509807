export { cellPlace, type DelimitedOptions, formatTsv, parseDelimited, type Table } from './delimited.js';
export { listMat5, type Mat5Entry, parseMat5 } from './mat5.js';
export { formatNpy, type NpyArray, type NpyData, npyHeader, parseNpy } from './npy.js';
export { decodeText } from './text.js';
