/** What a user may try: a script that defines an analyzer and precomputes at once. */
import { Analyzer, AnalyzerSet, cacheOnDisk, precompute } from 'stowage';

export class Hasty extends Analyzer {
  @cacheOnDisk
  one(): number {
    return 1;
  }
}

await precompute(new AnalyzerSet(Hasty, ['night']), { module: import.meta.url });
