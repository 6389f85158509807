/** The compiled kernel in base64; written next to the compiled code when the package is built. */
export declare const kernelBytes: string;
