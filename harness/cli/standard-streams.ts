import type { Io, Output } from './io.ts';

type Stream = NodeJS.WriteStream;

/**
 * Standard output and error of this process. One that takes nothing more (a full disk behind a log, say) ends nothing:
 * what is left to do is done, the other stream reports it, and a pass becomes exit 2, as for any report that could not
 * be written ({@link exitCodeOf}). A reader that goes (`| head`, EPIPE) is not a failure.
 */
export function standardStreams(process: NodeJS.Process): Pick<Io, 'stdout' | 'stderr'> {
  /** In the order in which they failed. */
  const failed: Stream[] = [];
  /** A remark amid what a program reads would spoil it. */
  const carriesData = new Set<Stream>();
  const other = (stream: Stream) => (stream === process.stdout ? process.stderr : process.stdout);
  const tell = (about: Stream, text: string) => {
    const place = other(about);
    if (!failed.includes(place) && !carriesData.has(place)) place.write(`${text}\n`);
  };
  const output = (stream: Stream, name: string): Output => {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || failed.includes(stream)) return;
      failed.push(stream);
      tell(stream, `${name} could not be written: ${error.message}`);
    });
    return {
      write: (text) => stream.write(text),
      data: (text) => {
        carriesData.add(stream);
        stream.write(text);
      },
      isTTY: stream.isTTY === true,
      ...(stream.columns !== undefined && { columns: stream.columns }),
    };
  };
  // A stream says that it failed after the write: only now is everything known, and a pipe still takes the message.
  process.once('beforeExit', (exitCode) => {
    const [first] = failed;
    if (first === undefined || exitCode !== 0) return;
    process.exitCode = 2;
    tell(first, 'exit 2: not everything that was asked for could be written');
  });
  return { stdout: output(process.stdout, 'standard output'), stderr: output(process.stderr, 'standard error') };
}
