#!/usr/bin/env bash
# javax.sound.sampled of the JDK (17.0.15 and 25.0.3): a conversion to a lower sample rate folds high tones into low ones, at full level.
#
# Guessed: AudioSystem.getAudioInputStream(format, stream) takes away what the lower rate cannot carry, as sox and torchaudio do, and of
#          one second at 48,000 Hz it makes 16,000 samples at 16,000 Hz.
# Seen:    it interpolates and filters nothing: a tone of 15,000 Hz is one of 1000 Hz afterwards, as loud as before, and one of 11,000 Hz is at
#          5000 Hz. The second has 16,001 samples, and the length of the stream is said to be unknown (-1). So hiss and sibilants stand in
#          the bands of the voice, and features differ from those of the training, without an error. The documentation says nothing of it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > Main.java <<'J'
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
public class Main {
    static final int FROM = 48_000;
    static final int TO = 16_000;
    static final double LEVEL = 20_000;

    static double amplitude(double[] sound, int hertz) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < sound.length; i++) {
            re += sound[i] * Math.cos(2 * Math.PI * hertz * i / TO);
            im += sound[i] * Math.sin(2 * Math.PI * hertz * i / TO);
        }
        return 2 * Math.hypot(re, im) / sound.length;
    }
    public static void main(String[] a) throws Exception {
        for (int hertz : new int[] {1000, 11_000, 15_000}) {
            var second = ByteBuffer.allocate(2 * FROM).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < FROM; i++) {
                second.putShort((short) Math.round(LEVEL * Math.sin(2 * Math.PI * hertz * i / FROM)));
            }
            var in = new AudioInputStream(new ByteArrayInputStream(second.array()), new AudioFormat(FROM, 16, 1, true, false), FROM);
            var out = AudioSystem.getAudioInputStream(new AudioFormat(TO, 16, 1, true, false), in);
            var bytes = ByteBuffer.wrap(out.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
            // Half of a second from its middle, where beginning and end do not count.
            double[] sound = new double[TO / 2];
            for (int i = 0; i < sound.length; i++) {
                sound[i] = bytes.get(TO / 4 + i);
            }
            int loudest = 0;
            for (int each = 100; each < TO / 2; each += 100) {
                loudest = amplitude(sound, each) > amplitude(sound, loudest) ? each : loudest;
            }
            System.out.printf(Locale.ROOT, "%d Hz: loudest at %d Hz with %.2f of its level; %d samples, said to be %d%n",
                    hertz, loudest, amplitude(sound, loudest) / LEVEL, bytes.limit(), out.getFrameLength());
        }
    }
}
J
java Main.java | tee out
diff out - <<'P'
1000 Hz: loudest at 1000 Hz with 1.00 of its level; 16001 samples, said to be -1
11000 Hz: loudest at 5000 Hz with 1.00 of its level; 16001 samples, said to be -1
15000 Hz: loudest at 1000 Hz with 1.00 of its level; 16001 samples, said to be -1
P
echo 'as seen: tones above 8000 Hz are folded'
