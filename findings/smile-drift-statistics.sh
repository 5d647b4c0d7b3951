#!/usr/bin/env bash
# Smile 3.1.1, the newest for Java 17: two statistics of drift are wrong where shares agree exactly, and where a class is new.
#
# Guessed: the chi-squared tests answer a p-value of 1 where the counts are exactly those expected, a little less beside it, and 0 only for
#          what cannot be chance. The divergence of Kullback and Leibler is never below 0, and infinite where a class has a share that the
#          reference does not have.
# Seen:    of exact agreement the p-value is 0, in the test against given shares, in that of two samples and in that of a table, and of the
#          smallest deviation 0.84: an alarm at p < 0.01 is raised when nothing has changed. The divergence leaves a class out that the
#          reference lacks: of halves from (1, 0) it is -0.35, lower than that of no change at all. Smile 7.1.0, which needs Java 25,
#          has the p-values as guessed and the same divergences (not run here).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>com.github.haifengl</groupId><artifactId>smile-base</artifactId><version>3.1.1</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.util.Arrays;
import java.util.Locale;
import smile.math.MathEx;
import smile.stat.hypothesis.ChiSqTest;
public class Main {
    static String text(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
    public static void main(String[] a) {
        double[] halves = {0.5, 0.5};
        for (int[] counts : new int[][] {{50, 50}, {51, 49}, {60, 40}, {90, 10}}) {
            System.out.println(Arrays.toString(counts) + ": against halves p = " + text(ChiSqTest.test(counts, halves).pvalue)
                    + ", against 50 and 50 counted p = " + text(ChiSqTest.test(counts, new int[] {50, 50}).pvalue));
        }
        System.out.println("table of equal rows: p = " + text(ChiSqTest.test(new int[][] {{10, 20, 30}, {20, 40, 60}}).pvalue));
        for (double[] reference : new double[][] {{0.5, 0.5}, {0.9, 0.1}, {0.999999, 0.000001}, {1, 0}}) {
            System.out.println("divergence of halves from " + Arrays.toString(reference) + ": "
                    + text(MathEx.KullbackLeiblerDivergence(halves, reference)));
        }
    }
}
J
java -cp 'lib/*' Main.java | tee out
diff out - <<'J'
[50, 50]: against halves p = 0.0000, against 50 and 50 counted p = 0.0000
[51, 49]: against halves p = 0.8415, against 50 and 50 counted p = 0.8875
[60, 40]: against halves p = 0.0455, against 50 and 50 counted p = 0.1552
[90, 10]: against halves p = 0.0000, against 50 and 50 counted p = 0.0000
table of equal rows: p = 0.0000
divergence of halves from [0.5, 0.5]: 0.0000
divergence of halves from [0.9, 0.1]: 0.5108
divergence of halves from [0.999999, 1.0E-6]: 6.2146
divergence of halves from [1.0, 0.0]: -0.3466
J
echo 'as seen: exact agreement is an alarm, and a new class is none'
