#!/usr/bin/env bash
# JDSP 3.1.0 (com.github.psambit9791): the frequencies that a short-time Fourier transform names are wrong for frames of 25 ms.
#
# Guessed: the largest value of a frame of a tone lies at that tone by the transform's own getFrequencyAxis, within half a step, whatever the
#          frame's length and the length of the transform, and the axis ends at half the sample rate.
# Seen:    with frames of 400 samples, the usual 25 ms of speech at 16 kHz, a tone of 1000 Hz lies at 1280 and the axis ends at 10,240 Hz, above
#          what there is. The frame is filled up with zeros to 512, or to the next power of two of the length that was asked for; the
#          axis divides by the frame's length all the same. With 256 and 256, where nothing is filled up, it is right. FastFourier, which
#          fills up too, names them right. So bands that are summed by this axis are those of other sounds, and differ from Python's; nothing says so.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>com.github.psambit9791</groupId><artifactId>jdsp</artifactId><version>3.1.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import com.github.psambit9791.jdsp.transform.FastFourier;
import com.github.psambit9791.jdsp.transform.ShortTimeFourier;
import com.github.psambit9791.jdsp.windows.Hanning;
import java.util.Arrays;
import java.util.stream.IntStream;
public class Main {
    static final int RATE = 16_000;
    static double[] tone(double frequency) {
        return IntStream.range(0, 1600).mapToDouble(i -> Math.cos(2 * Math.PI * frequency * i / RATE)).toArray();
    }
    static int largest(double[] values) {
        return IntStream.range(0, values.length).reduce(0, (x, y) -> values[y] > values[x] ? y : x);
    }
    public static void main(String[] a) {
        for (double frequency : new double[] {1000, 3000}) {
            for (int[] lengths : new int[][] {{256, 256}, {256, 512}, {400, 400}, {400, 512}, {400, 1024}}) {
                var transform = new ShortTimeFourier(tone(frequency), lengths[0], lengths[0] / 2, lengths[1], new Hanning(lengths[0]), RATE);
                transform.transform();
                double[] values = Arrays.stream(transform.getMagnitude(true)).mapToDouble(of -> of[1]).toArray();
                double[] axis = transform.getFrequencyAxis(true);
                System.out.printf("%.0f Hz, frames of %d, transform of %d: %d values, largest at %.0f Hz, axis to %.0f Hz%n", frequency,
                        lengths[0], lengths[1], values.length, axis[largest(values)], axis[axis.length - 1]);
            }
            var fast = new FastFourier(Arrays.copyOf(tone(frequency), 400));
            fast.transform();
            double[] axis = fast.getFFTFreq(RATE, true);
            System.out.printf("%.0f Hz, FastFourier of 400: largest at %.0f Hz, axis to %.0f Hz%n", frequency,
                    axis[largest(fast.getMagnitude(true))], axis[axis.length - 1]);
        }
    }
}
J
java -cp 'lib/*' Main.java | tee out
diff out - <<'P'
1000 Hz, frames of 256, transform of 256: 129 values, largest at 1000 Hz, axis to 8000 Hz
1000 Hz, frames of 256, transform of 512: 257 values, largest at 2000 Hz, axis to 16000 Hz
1000 Hz, frames of 400, transform of 400: 257 values, largest at 1280 Hz, axis to 10240 Hz
1000 Hz, frames of 400, transform of 512: 257 values, largest at 1280 Hz, axis to 10240 Hz
1000 Hz, frames of 400, transform of 1024: 513 values, largest at 2560 Hz, axis to 20480 Hz
1000 Hz, FastFourier of 400: largest at 1000 Hz, axis to 8000 Hz
3000 Hz, frames of 256, transform of 256: 129 values, largest at 3000 Hz, axis to 8000 Hz
3000 Hz, frames of 256, transform of 512: 257 values, largest at 6000 Hz, axis to 16000 Hz
3000 Hz, frames of 400, transform of 400: 257 values, largest at 3840 Hz, axis to 10240 Hz
3000 Hz, frames of 400, transform of 512: 257 values, largest at 3840 Hz, axis to 10240 Hz
3000 Hz, frames of 400, transform of 1024: 513 values, largest at 7680 Hz, axis to 20480 Hz
3000 Hz, FastFourier of 400: largest at 3000 Hz, axis to 8000 Hz
P
echo 'as seen: frequencies by the length of the frame, not of the transform'
