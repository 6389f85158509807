import type { FaultKind } from './faults.js';

/** One line of a batch, answered or failed. */
export interface LineResult {
  readonly status: number;
  readonly body: string;
  readonly fault: FaultKind | null;
}

interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly bytes: Buffer;
}

interface Batch {
  readonly id: string;
  readonly input: string;
  readonly endpoint: string;
  status: 'validating' | 'in_progress' | 'completed' | 'failed' | 'cancelled';
  output: string | null;
  errors: string | null;
  counts: { total: number; completed: number; failed: number };
}

/** OpenAI's files and batches, kept in memory. A batch advances one state each time that it is asked about. */
export class BatchService {
  readonly files = new Map<string, StoredFile>();
  readonly batches = new Map<string, Batch>();

  constructor(private readonly answerLine: (body: string, customId: string) => LineResult) {}

  addFile(purpose: string, name: string, bytes: Buffer): string {
    const file = { id: `file-${this.files.size + 1}`, name, purpose, bytes };
    this.files.set(file.id, file);
    return this.fileJson(file.id)!;
  }

  fileJson(id: string): string | null {
    const file = this.files.get(id);
    if (!file) return null;
    const { name, purpose, bytes } = file;
    return JSON.stringify({
      id,
      object: 'file',
      bytes: bytes.length,
      created_at: 1760000000,
      filename: name,
      purpose,
      status: 'processed',
    });
  }

  create(input: string, endpoint: string): string | null {
    if (!this.files.has(input)) return null;
    const counts = { total: 0, completed: 0, failed: 0 };
    const id = `batch_${this.batches.size + 1}`;
    this.batches.set(id, { id, input, endpoint, status: 'validating', output: null, errors: null, counts });
    return this.batchJson(id);
  }

  /** The state as it is; then the batch moves on. */
  poll(id: string): string | null {
    const json = this.batchJson(id);
    const batch = this.batches.get(id);
    if (batch?.status === 'validating') batch.status = 'in_progress';
    else if (batch?.status === 'in_progress') this.#process(batch);
    return json;
  }

  cancel(id: string): string | null {
    const batch = this.batches.get(id);
    if (batch && batch.status !== 'completed') batch.status = 'cancelled';
    return this.batchJson(id);
  }

  batchJson(id: string): string | null {
    const batch = this.batches.get(id);
    if (!batch) return null;
    return JSON.stringify({
      id,
      object: 'batch',
      endpoint: batch.endpoint,
      input_file_id: batch.input,
      completion_window: '24h',
      status: batch.status,
      output_file_id: batch.output,
      error_file_id: batch.errors,
      created_at: 1760000000,
      request_counts: batch.counts,
    });
  }

  #process(batch: Batch): void {
    const lines = this.files.get(batch.input)!.bytes.toString('utf8').split('\n').filter(Boolean);
    const output: string[] = [];
    const errors: string[] = [];
    for (const [index, line] of lines.entries()) {
      const { custom_id, body } = JSON.parse(line) as { custom_id: string; body: unknown };
      const result = this.answerLine(JSON.stringify(body), custom_id);
      const id = result.fault === 'wrong-id' ? `${custom_id}-lost` : custom_id;
      const row = `{"id":"batch_req_${index}","custom_id":${JSON.stringify(id)},"response":{"status_code":${result.status},"request_id":"r${index}","body":${result.body}},"error":null}`;
      (result.status === 200 ? output : errors).push(row);
    }
    batch.counts = { total: lines.length, completed: output.length, failed: errors.length };
    batch.output = this.#store(output);
    batch.errors = this.#store(errors);
    batch.status = 'completed';
  }

  #store(lines: readonly string[]): string | null {
    if (lines.length === 0) return null;
    const json = this.addFile('batch_output', 'output.jsonl', Buffer.from(`${lines.join('\n')}\n`));
    return (JSON.parse(json) as { id: string }).id;
  }
}

/** The fields of a multipart/form-data body. */
export function multipart(
  body: Buffer,
  contentType: string,
): Map<string, { name: string | null; bytes: Buffer }> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1] ?? '';
  const mark = Buffer.from(`--${boundary}`);
  const fields = new Map<string, { name: string | null; bytes: Buffer }>();
  for (let at = body.indexOf(mark); at >= 0; ) {
    const next = body.indexOf(mark, at + mark.length);
    const head = body.indexOf('\r\n\r\n', at);
    if (next < 0 || head < 0) break;
    const header = body.toString('utf8', at, head);
    const field = /name="([^"]*)"/.exec(header)?.[1] ?? '';
    const name = /filename="([^"]*)"/.exec(header)?.[1] ?? null;
    fields.set(field, { name, bytes: body.subarray(head + 4, next - 2) });
    at = next;
  }
  return fields;
}
