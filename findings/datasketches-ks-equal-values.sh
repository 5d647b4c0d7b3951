#!/usr/bin/env bash
# Apache DataSketches 9.1.0 (Java): the test of Kolmogorov and Smirnov of two sketches finds a shift where nothing but their sizes differs.
#
# Guessed: computeKSDelta answers the largest distance between the two distributions, within the error of the sketches (about 0.02), so 0 of
#          sketches that hold one value each, and kolmogorovSmirnovTest at p = 0.01 seldom says of two samples of one distribution that they differ.
#          The package has it for sketches of any values.
# Seen:    where values are equal it goes through both sketches one item at a time, also in the middle of a run of equal ones. Of 0.5 alone,
#          1000 times and 100 times, the distance is 0.60 and not 0, and the test says that they differ. So it does of confidences of which
#          four in five are 1.00: 0.28 with KLL sketches, 0.73 with classic ones, where it is 0.04. Where both samples are of one size, or no
#          two values are equal, it is as guessed. Confidences of sure networks are often exactly 1, and a recent window is smaller
#          than what it is compared with.
#
# DataSketches 9 needs Java 25: JDK25 names its folder.
set -euo pipefail
java=${JDK25:-/usr/lib/jvm/temurin-25-jdk-amd64}/bin/java
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.datasketches</groupId><artifactId>datasketches-java</artifactId><version>9.1.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.quantiles.QuantilesDoublesSketch;
import org.apache.datasketches.quantilescommon.KolmogorovSmirnov;
public class Main {
    static double below(double[] values, double at) {
        return Arrays.stream(values).filter(value -> value <= at).count() / (double) values.length;
    }
    static void compare(String what, double[] reference, double[] window) {
        double exact = DoubleStream.concat(Arrays.stream(reference), Arrays.stream(window))
                .map(at -> Math.abs(below(reference, at) - below(window, at))).max().getAsDouble();
        var a = KllDoublesSketch.newHeapInstance();
        var b = KllDoublesSketch.newHeapInstance();
        var c = QuantilesDoublesSketch.builder().setK(256).build();
        var d = QuantilesDoublesSketch.builder().setK(256).build();
        for (double value : reference) {
            a.update(value);
            c.update(value);
        }
        for (double value : window) {
            b.update(value);
            d.update(value);
        }
        double kll = KolmogorovSmirnov.computeKSDelta(a, b);
        double classic = KolmogorovSmirnov.computeKSDelta(c, d);
        System.out.println(what + ": " + (exact < 0.2 ? "of one distribution" : "shifted") + "; KLL " + (Math.abs(kll - exact) < 0.08 ? "near" : "far off")
                + (KolmogorovSmirnov.kolmogorovSmirnovTest(a, b, 0.01) ? ", differ" : ", alike") + "; classic "
                + (Math.abs(classic - exact) < 0.08 ? "near" : "far off") + (KolmogorovSmirnov.kolmogorovSmirnovTest(c, d, 0.01) ? ", differ" : ", alike"));
    }
    static double[] some(int count, DoubleSupplier value) {
        return DoubleStream.generate(value).limit(count).toArray();
    }
    public static void main(String[] a) {
        var random = new Random(1);
        DoubleSupplier sure = () -> random.nextInt(10) < 8 ? 1 : random.nextInt(50, 100) / 100.0;
        compare("0.5 alone, 1000 and 100", some(1000, () -> 0.5), some(100, () -> 0.5));
        compare("0.5 alone, 100 and 100", some(100, () -> 0.5), some(100, () -> 0.5));
        compare("most are 1.00, 5000 and 200", some(5000, sure), some(200, sure));
        compare("most are 1.00, 5000 and 5000", some(5000, sure), some(5000, sure));
        compare("no two equal, 5000 and 200", some(5000, random::nextDouble), some(200, random::nextDouble));
        compare("no two equal, shifted by 0.4, 5000 and 200", some(5000, random::nextDouble), some(200, () -> random.nextDouble() + 0.4));
    }
}
J
"$java" -cp 'lib/*' Main.java | tee out
diff out - <<'P'
0.5 alone, 1000 and 100: of one distribution; KLL far off, differ; classic far off, differ
0.5 alone, 100 and 100: of one distribution; KLL near, alike; classic near, alike
most are 1.00, 5000 and 200: of one distribution; KLL far off, differ; classic far off, differ
most are 1.00, 5000 and 5000: of one distribution; KLL near, alike; classic near, alike
no two equal, 5000 and 200: of one distribution; KLL near, alike; classic near, alike
no two equal, shifted by 0.4, 5000 and 200: shifted; KLL near, differ; classic near, differ
P
echo 'as seen: equal values are counted one by one'
