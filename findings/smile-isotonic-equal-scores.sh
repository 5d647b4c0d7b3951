#!/usr/bin/env bash
# Smile 3.1.1, the newest for Java 17: calibration by isotonic regression depends on the order of rows where scores are equal.
#
# Guessed: of confidences 0.5, 0.9 and 1.0 that were right 50, 70 and 90 times of 100, IsotonicRegressionScaling makes exactly these shares,
#          whatever the order of the rows, since equal scores are one point of the curve, as in scikit-learn.
# Seen:    each row is a point. Of equal scores several steps remain, in the order that an unstable sort leaves, and predict takes the lowest:
#          0.5 becomes 0.00, 0.04, 0.50 or 0.54 by the order of the rows. There is no warning. Where no two scores are equal it is as
#          guessed. Networks that are sure of most pictures answer 1.0 for many of them, and confidences are often kept with two digits.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>com.github.haifengl</groupId><artifactId>smile-core</artifactId><version>3.1.1</version><exclusions>
<exclusion><groupId>org.bytedeco</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.util.*;
import java.util.stream.Stream;
import smile.classification.IsotonicRegressionScaling;
public class Main {
    record Row(double score, int right) {
    }
    static void calibrate(String order, List<Row> rows, double... scores) {
        var scaling = IsotonicRegressionScaling.fit(rows.stream().mapToDouble(Row::score).toArray(), rows.stream().mapToInt(Row::right).toArray());
        var text = new StringJoiner(", ");
        for (double score : scores) {
            text.add(String.format(Locale.ROOT, "%.2f -> %.2f", score, scaling.predict(score)));
        }
        System.out.println(order + ": " + text);
    }
    public static void main(String[] a) {
        List<Row> rows = new ArrayList<>();
        for (double[] group : new double[][] {{0.5, 50}, {0.9, 70}, {1, 90}}) {
            for (int i = 0; i < 100; i++) {
                rows.add(new Row(group[0], i < group[1] ? 1 : 0));
            }
        }
        double[] scores = {0.5, 0.9, 1};
        calibrate("right ones first", rows, scores);
        calibrate("wrong ones first", rows.stream().sorted(Comparator.comparing(Row::right)).toList(), scores);
        for (int seed : new int[] {2, 3}) {
            List<Row> shuffled = new ArrayList<>(rows);
            Collections.shuffle(shuffled, new Random(seed));
            calibrate("shuffled by " + seed, shuffled, scores);
        }
        calibrate("no two equal", Stream.of(0, 1, 2, 3, 4, 5).map(i -> new Row(0.1 * i, i % 2)).toList(), 0, 0.15, 0.35, 0.5);
    }
}
J
java -cp 'lib/*' Main.java | tee out
diff out - <<'P'
right ones first: 0.50 -> 0.04, 0.90 -> 0.69, 1.00 -> 0.90
wrong ones first: 0.50 -> 0.00, 0.90 -> 0.68, 1.00 -> 0.86
shuffled by 2: 0.50 -> 0.54, 0.90 -> 0.69, 1.00 -> 0.91
shuffled by 3: 0.50 -> 0.50, 0.90 -> 0.75, 1.00 -> 0.88
no two equal: 0.00 -> 0.00, 0.15 -> 0.50, 0.35 -> 0.50, 0.50 -> 1.00
P
echo 'as seen: equal scores are not one point'
