import { type Argument, InvalidArgumentError, type Option } from 'commander';
import { didYouMean } from '../config/did-you-mean.ts';

/** One of these, as commander's own choices; what is none of them is told with the one that was meant. */
export function withChoices<T extends Option | Argument>(taken: T, choices: readonly string[]): T {
  taken.choices(choices);
  const check = (value: string): string => {
    if (choices.includes(value)) return value;
    const near = didYouMean(value, choices);
    const perhaps = near === undefined ? '' : `\n(Did you mean ${near}?)`;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${perhaps}`);
  };
  taken.argParser(check);
  return taken;
}
