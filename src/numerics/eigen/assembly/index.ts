// The eigenvalue kernel: symmetric matrices in float64, row after row. Rows lie `stride` bytes apart, a multiple of 64, and are
// zero behind their last number and above the diagonal.
export { diagonalise } from './diagonalise';
export { transformation } from './transformation';
export { tridiagonalise } from './tridiagonalise';
