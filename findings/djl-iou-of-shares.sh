#!/usr/bin/env bash
# DJL 0.36.0: the overlap of two boxes depends on the unit that their places are given in, and of shares of the picture it is far too large.
#
# Guessed: getIoU is intersection over union, so that it is the same whether a box is given in pixels or, as those of DetectedObjects are, in
#          shares of the picture's width and height; and it is what nms compares with its threshold.
# Seen:    1 is added to each width and height, as if the numbers were whole pixels with the last one counted in. Of two boxes that overlap by
#          one seventh (0.143) it makes 0.145 of pixels, and 0.681 of shares: it would count as found with the usual limit of 0.5. Boxes that touch
#          at a corner have 0.286. The method nms has a calculation of its own without the 1, which is right. A box with itself has 1, and boxes
#          that are apart 0. There is no error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>ai.djl</groupId><artifactId>api</artifactId><version>0.36.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import ai.djl.modality.cv.output.Rectangle;
import java.util.List;
import java.util.Locale;
public class Main {
    static final double SIDE = 640;
    static Rectangle box(double unit, double x, double y, double size) {
        return new Rectangle(x * unit, y * unit, size * unit, size * unit);
    }
    static double exact(double[] a, double[] b) {
        double width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
        double height = Math.min(a[1] + a[2], b[1] + b[2]) - Math.max(a[1], b[1]);
        double both = Math.max(0, width) * Math.max(0, height);
        return both / (a[2] * a[2] + b[2] * b[2] - both);
    }
    static void compare(String what, double[] a, double[] b) {
        var out = new StringBuilder(String.format(Locale.ROOT, "%s: %.3f", what, exact(a, b)));
        for (double unit : new double[] {SIDE, 1}) {
            var first = box(unit, a[0], a[1], a[2]);
            var second = box(unit, b[0], b[1], b[2]);
            out.append(String.format(Locale.ROOT, "; in %s %.3f, nms at 0.5 keeps %d", unit == 1 ? "shares" : "pixels",
                    first.getIoU(second), Rectangle.nms(List.of(first, second), List.of(0.9, 0.8), 0.5f).size()));
        }
        System.out.println(out);
    }
    public static void main(String[] a) {
        compare("overlap by a quarter of each", new double[] {0.1, 0.1, 0.25}, new double[] {0.225, 0.225, 0.25});
        compare("touch at a corner", new double[] {0, 0, 0.5}, new double[] {0.5, 0.5, 0.5});
        compare("the same", new double[] {0.1, 0.1, 0.25}, new double[] {0.1, 0.1, 0.25});
        compare("apart", new double[] {0.1, 0.1, 0.25}, new double[] {0.6, 0.6, 0.25});
    }
}
J
java -cp 'lib/*' Main.java | tee out
diff out - <<'P'
overlap by a quarter of each: 0.143; in pixels 0.145, nms at 0.5 keeps 2; in shares 0.681, nms at 0.5 keeps 2
touch at a corner: 0.000; in pixels 0.000, nms at 0.5 keeps 2; in shares 0.286, nms at 0.5 keeps 2
the same: 1.000; in pixels 1.000, nms at 0.5 keeps 1; in shares 1.000, nms at 0.5 keeps 1
apart: 0.000; in pixels 0.000, nms at 0.5 keeps 2; in shares 0.000, nms at 0.5 keeps 2
P
echo 'as seen: of shares the overlap is far too large'
