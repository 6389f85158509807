/** A llama of one layer with random weights, as a GGUF file that llama.cpp loads: for running the real engine in a test. */
export function tinyGguf(seed: number): Buffer {
  const vocabulary = tinyVocabulary();
  const metadata = metadataOf(vocabulary);
  const tensors = tensorsOf(vocabulary.length, seed);
  const infos: Buffer[] = [];
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    infos.push(text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset));
    offset += padded(data.byteLength);
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(metadata.length),
    ...metadata,
    ...infos,
  ]);
  const body = tensors.map(({ data }) => pad(Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  return Buffer.concat([pad(head), ...body]);
}

const nEmbedding = 64;
const nFeedForward = 64;
const nHeads = 2;
const contextLength = 2048;

interface Token {
  readonly text: string;
  readonly score: number;
  /** 1 normal, 2 unknown, 3 control, 6 byte. */
  readonly type: number;
}

/** Unknown, start, end, every byte, and printable ASCII as tokens of their own. */
function tinyVocabulary(): Token[] {
  const special = ['<unk>', '<s>', '</s>'].map((one, i) => ({ text: one, score: 0, type: i === 0 ? 2 : 3 }));
  const bytes = Array.from({ length: 256 }, (_, byte) => ({
    text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    score: 0,
    type: 6,
  }));
  const letters = Array.from({ length: 94 }, (_, i) => ({
    text: String.fromCharCode(33 + i),
    score: -i - 1,
    type: 1,
  }));
  return [...special, ...bytes, { text: '\u2581', score: -100, type: 1 }, ...letters];
}

function metadataOf(vocabulary: readonly Token[]): Buffer[] {
  const entry = (key: string, type: number, value: Buffer) => Buffer.concat([text(key), u32(type), value]);
  const list = (key: string, type: number, values: readonly Buffer[]) =>
    entry(key, 9, Buffer.concat([u32(type), u64(values.length), ...values]));
  const whole = (key: string, value: number) => entry(key, 4, u32(value));
  const words = (key: string, value: string) => entry(key, 8, text(value));
  return [
    words('general.architecture', 'llama'),
    words('general.name', 'tiny'),
    whole('llama.context_length', contextLength),
    whole('llama.embedding_length', nEmbedding),
    whole('llama.block_count', 1),
    whole('llama.feed_forward_length', nFeedForward),
    whole('llama.attention.head_count', nHeads),
    whole('llama.rope.dimension_count', nEmbedding / nHeads),
    entry('llama.attention.layer_norm_rms_epsilon', 6, f32(1e-5)),
    words('tokenizer.ggml.model', 'llama'),
    list(
      'tokenizer.ggml.tokens',
      8,
      vocabulary.map((token) => text(token.text)),
    ),
    list(
      'tokenizer.ggml.scores',
      6,
      vocabulary.map((token) => f32(token.score)),
    ),
    list(
      'tokenizer.ggml.token_type',
      5,
      vocabulary.map((token) => u32(token.type)),
    ),
    whole('tokenizer.ggml.bos_token_id', 1),
    whole('tokenizer.ggml.eos_token_id', 2),
    whole('tokenizer.ggml.unknown_token_id', 0),
  ];
}

function tensorsOf(nTokens: number, seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296 - 0.5;
  };
  const random = (name: string, ...shape: number[]) => {
    const size = shape.reduce((product, one) => product * one, 1);
    return { name, shape, data: Float32Array.from({ length: size }, () => next() * 0.5) };
  };
  const ones = (name: string) => ({ name, shape: [nEmbedding], data: new Float32Array(nEmbedding).fill(1) });
  const square = (name: string) => random(`blk.0.${name}.weight`, nEmbedding, nEmbedding);
  return [
    random('token_embd.weight', nEmbedding, nTokens),
    ones('output_norm.weight'),
    random('output.weight', nEmbedding, nTokens),
    ones('blk.0.attn_norm.weight'),
    square('attn_q'),
    square('attn_k'),
    square('attn_v'),
    square('attn_output'),
    ones('blk.0.ffn_norm.weight'),
    random('blk.0.ffn_gate.weight', nEmbedding, nFeedForward),
    random('blk.0.ffn_up.weight', nEmbedding, nFeedForward),
    random('blk.0.ffn_down.weight', nFeedForward, nEmbedding),
  ];
}

const alignment = 32;
const padded = (length: number): number => Math.ceil(length / alignment) * alignment;
const pad = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(bytes.length), bytes]);
}
