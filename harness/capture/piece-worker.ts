import { answerWith } from '../system/reading-threads.ts';
import { PieceReader } from './piece-reader.ts';

// The thread of harness/capture/piece-workers.ts: reads lines of a capture, and answers with their packed spans. The bytes go
// back with them, because they hold what else is in the lines.

const reader = new PieceReader();

answerWith((bytes: Uint8Array<ArrayBuffer>) => reader.read(bytes));
