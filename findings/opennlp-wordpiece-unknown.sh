#!/usr/bin/env bash
# Apache OpenNLP 2.5.11 and DJL's tokenizers 0.38.0 (Hugging Face's library in Rust): of one vocabulary, a word that is unknown in part has other tokens.
#
# Guessed: OpenNLP's WordpieceTokenizer, "a Tokenizer implementation which performs tokenization using word pieces", gives for a cased BERT
#          vocabulary the tokens of BERT: a word of which any part is not in the vocabulary is one [UNK], and punctuation stands alone.
# Seen:    the pieces that it found stay, and only the rest of the word becomes [UNK]: "catx" is cat [UNK] where BERT has [UNK]. Dashes and
#          quotation marks beyond ASCII do not part words, so that "cat—the" is cat [UNK] and the word behind is lost. There is no error. Texts of
#          known words and ASCII have the same tokens. It is the tokenizer of OpenNLP's own classes for ONNX models (opennlp-dl; not run here).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.opennlp</groupId><artifactId>opennlp-tools</artifactId><version>2.5.11</version></dependency>
<dependency><groupId>ai.djl.huggingface</groupId><artifactId>tokenizers</artifactId><version>0.38.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import opennlp.tools.tokenize.WordpieceTokenizer;
public class Main {
    static final List<String> WORDS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "##s", "run", "##ning", "10", "##0", ".", "-", "'", "s");
    static String json() {
        var vocabulary = new ArrayList<String>();
        for (int i = 0; i < WORDS.size(); i++) {
            vocabulary.add('"' + WORDS.get(i) + "\":" + i);
        }
        return "{\"version\":\"1.0\",\"added_tokens\":[],\"post_processor\":null,\"decoder\":null,"
                + "\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":false,\"lowercase\":false},"
                + "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
                + "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":100,\"vocab\":{" + String.join(",", vocabulary) + "}}}";
    }
    public static void main(String[] a) throws Exception {
        var file = Files.writeString(Path.of("tokenizer.json"), json());
        var opennlp = new WordpieceTokenizer(Set.copyOf(WORDS));
        try (var rust = HuggingFaceTokenizer.newInstance(file, Map.of("padding", "false", "truncation", "false"))) {
            for (String text : List.of("the cats running.", "cat's 100", "catx", "runningcat", "10x", "cat\u2014the", "\u201ccat\u201d")) {
                var one = String.join(" ", rust.encode(text, false, false).getTokens());
                var other = new ArrayList<>(List.of(opennlp.tokenize(text)));
                other.removeAll(List.of("[CLS]", "[SEP]"));
                System.out.println(text + ": " + one + (one.equals(String.join(" ", other)) ? "" : "; OpenNLP: " + String.join(" ", other)));
            }
        }
    }
}
J
DJL_CACHE_DIR="$work/cache" java -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dai.djl.offline=true -cp 'lib/*' Main.java | tee out
diff out - <<'P'
the cats running.: the cat ##s run ##ning .
cat's 100: cat ' s 10 ##0
catx: [UNK]; OpenNLP: cat [UNK]
runningcat: [UNK]; OpenNLP: run ##ning [UNK]
10x: [UNK]; OpenNLP: 10 [UNK]
cat—the: cat [UNK] the; OpenNLP: cat [UNK]
“cat”: [UNK] cat [UNK]; OpenNLP: [UNK]
P
echo 'as seen: other tokens where a word is unknown in part'
