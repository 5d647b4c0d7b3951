#!/usr/bin/env bash
# ImageIO of two JDKs (Debian's OpenJDK 17.0.15, Temurin 25.0.3): a JPEG of sampling 4:4:0 has other pixels in one than in the other.
#
# Guessed: javax.imageio brings its decoder with it, so that a file has the same pixels in every JDK.
# Seen:    Debian links the JDK with the system's libjpeg-turbo, which interpolates chroma that is stored with half of the rows. Other builds
#          have the older libjpeg inside, which repeats each row. Such files come of turning 4:2:2 pictures of cameras without loss. A model
#          sees other values than in training, without an error. `image.HalvedRows` interpolates where the JDK repeats.
#
# Needs a JDK of each kind: those of /usr/lib/jvm, or what JDKS names (folders, with spaces between them).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
JDKS=${JDKS:-$(find /usr/lib/jvm -mindepth 1 -maxdepth 1 -type d -exec test -x {}/bin/java ';' -print)}
cd "$work"
# 8x16 pixels, of which each row has one colour: cjpeg -quality 90 -sample 1x2.
base64 -d >picture.jpg <<'P'
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBA
UEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQAAgDARIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAA
AAAAAQb/xAAWEAADAAAAAAAAAAAAAAAAAAAAFGH/xAAVAQEBAAAAAAAAAAAAAAAAAAABBv/EABcRAAMBAAAAAAAAAAAAAAAAAAAWYhf/2gAMAwEAAhEDEQA/ABCFGhCv0a
xSYP/Z
P
cat > Main.java <<'J'
import java.io.File;
import java.util.ArrayList;
import javax.imageio.ImageIO;
public class Main {
    public static void main(String[] a) throws Exception {
        ImageIO.setUseCache(false);
        var picture = ImageIO.read(new File("picture.jpg"));
        var reds = new ArrayList<Integer>();
        for (int y = 0; y < 6; y++) {
            reds.add(picture.getRGB(4, y) >> 16 & 0xff);
        }
        System.out.println(reds);
    }
}
J
for jdk in $JDKS; do
  if ldd "$jdk/lib/libjavajpeg.so" | grep -q libjpeg; then kind="the system's libjpeg-turbo"; else kind='the libjpeg inside'; fi
  echo "$kind: $("$jdk/bin/java" Main.java)"
done | sort -u | tee out
diff out - <<'P'
the libjpeg inside: [65, 66, 83, 85, 106, 108]
the system's libjpeg-turbo: [65, 70, 79, 91, 100, 112]
P
echo 'as seen: the pixels differ'
