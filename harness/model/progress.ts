/** What a run is doing right now, for people who wait; never part of a report. */
export type ProgressEvent =
  | {
      /** Bytes of files; `of` and `leftMs` are absent where the size is not known, or too little was read for an estimate. */
      readonly phase: 'read';
      readonly bytes: number;
      readonly of?: number;
      readonly leftMs?: number;
    }
  | { readonly phase: 'wait'; readonly waitingFor: string; readonly leftMs: number }
  | { readonly phase: 'fetch'; readonly waitingFor: string }
  | { readonly phase: 'preflight'; readonly waitingFor: string }
  | { readonly phase: 'probe'; readonly sent: number; readonly answered: number; readonly of: number }
  | { readonly phase: 'settle'; readonly settled: number; readonly of: number; readonly waitingFor: string }
  | { readonly phase: 'fragments'; readonly waitingFor: string };
