// The SPoSE kernel: everything that is done once per trial or once per weight.
export { shuffle } from './shuffle';
export { steps, meet } from './steps';
export { score } from './score';
