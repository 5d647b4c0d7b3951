#!/usr/bin/env bash
# @huggingface/tokenizers 0.2.0 (JavaScript) and DJL's tokenizers 0.36.0 (Hugging Face's library in Rust): one tokenizer.json, other tokens.
#
# Guessed: both are of Hugging Face and read the same tokenizer.json, so that a text gets the same ids in a browser and in a service.
# Seen:    JavaScript takes each Punctuation as "Contiguous" and each Split at a text as "Isolated", whatever behaviour the file says, so that
#          punctuation comes in one piece, is kept where it was to be removed, and is never joined with a word. To a word that a WordLevel
#          model does not know it gives the id `undefined` and not that of unk_token. There is no error. With BertPreTokenizer and
#          Whitespace the ids are the same. So whoever tokenizes in JavaScript, to train or to compare, gets other columns than the service.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>ai.djl.huggingface</groupId><artifactId>tokenizers</artifactId><version>0.36.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
npm init -y >npm.log && npm install --no-audit --no-fund --silent @huggingface/tokenizers@0.2.0 node@22.22.0 >>npm.log 2>&1
cat > write.mjs <<'J'
import { writeFileSync } from 'node:fs';

const words = ['[UNK]', '[PAD]', 'walk', '##ing', 'stop', '-', '--', '##-', '!', '.', '...', 'it', '##s', 's', "'", "##'"];
const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
const wordPiece = { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab };
const wordLevel = { type: 'WordLevel', unk_token: '[UNK]', vocab };

function write(name, model, preTokenizer) {
  writeFileSync(name + '.json', JSON.stringify({
    version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, post_processor: null, decoder: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, ...preTokenizer] }, model,
  }));
}

for (const behavior of ['Contiguous', 'Isolated', 'Removed', 'MergedWithPrevious', 'MergedWithNext']) {
  write('Punctuation ' + behavior, wordPiece, [{ type: 'Punctuation', behavior }]);
  write('Split ' + behavior, wordPiece, [{ type: 'Split', pattern: { String: '-' }, behavior, invert: false }]);
}
write('WordLevel', wordLevel, []);
write('Whitespace', wordPiece, [{ type: 'Whitespace' }]);
write('BertPreTokenizer', wordPiece, [{ type: 'BertPreTokenizer' }]);
J
cat > main.mjs <<'J'
import { readFileSync, readdirSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';

for (const file of readdirSync('.').filter((each) => each.endsWith('.json') && !each.startsWith('package')).sort()) {
  const { ids } = new Tokenizer(JSON.parse(readFileSync(file)), {}).encode(process.argv[2]);
  console.log(`${file.slice(0, -5)}: ${Array.from(ids).map(String).join(' ')}`);
}
J
cat > Main.java <<'J'
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
public class Main {
    public static void main(String[] a) throws Exception {
        String[] files = new File(".").list((folder, name) -> name.endsWith(".json") && !name.startsWith("package"));
        Arrays.sort(files);
        for (String file : files) {
            try (var tokenizer = HuggingFaceTokenizer.builder().optTokenizerPath(Path.of(file)).build()) {
                String ids = Arrays.stream(tokenizer.encode(a[0]).getIds()).mapToObj(Long::toString).collect(Collectors.joining(" "));
                System.out.println(file.substring(0, file.length() - 5) + ": " + ids);
            }
        }
    }
}
J
node_modules/.bin/node write.mjs
text="walking --stop walk-walk it's..."
node_modules/.bin/node main.mjs "$text" >javascript
DJL_CACHE_DIR="$work/cache" java -Dai.djl.offline=true -cp 'lib/*' Main.java "$text" >rust
diff rust javascript >out || true
comm -12 rust javascript | sed 's/:.*/: the same/' >>out
cat out
diff out - <<'P'
3,7c3,7
< Punctuation Isolated: 2 3 5 5 4 2 5 2 11 14 13 9 9 9
< Punctuation MergedWithNext: 2 3 5 0 2 0 11 14 12 9 9 9
< Punctuation MergedWithPrevious: 2 3 5 5 4 2 7 2 11 15 0 9 9
< Punctuation Removed: 2 3 4 2 2 11 13
< Split Contiguous: 2 3 6 4 2 5 2 0
---
> Punctuation Isolated: 2 3 6 4 2 5 2 11 14 13 10
> Punctuation MergedWithNext: 2 3 6 4 2 5 2 11 14 13 10
> Punctuation MergedWithPrevious: 2 3 6 4 2 5 2 11 14 13 10
> Punctuation Removed: 2 3 6 4 2 5 2 11 14 13 10
> Split Contiguous: 2 3 5 5 4 2 5 2 0
9,11c9,11
< Split MergedWithNext: 2 3 5 0 2 0 0
< Split MergedWithPrevious: 2 3 5 5 4 2 7 2 0
< Split Removed: 2 3 4 2 2 0
---
> Split MergedWithNext: 2 3 5 5 4 2 5 2 0
> Split MergedWithPrevious: 2 3 5 5 4 2 5 2 0
> Split Removed: 2 3 5 5 4 2 5 2 0
13c13
< WordLevel: 0 0 0 0
---
> WordLevel: undefined undefined undefined undefined
BertPreTokenizer: the same
Punctuation Contiguous: the same
Split Isolated: the same
Whitespace: the same
P
echo 'as seen: other ids by the same file'
