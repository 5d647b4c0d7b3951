#!/usr/bin/env bash
# JavaCV 1.5.14: a BufferedImage that becomes a Frame has other colours, unless it is of the type TYPE_3BYTE_BGR.
#
# Guessed: Java2DFrameConverter, "a utility class to copy data between Frame and BufferedImage", gives a picture of each type of BufferedImage
#          back as it was, and FFmpegFrameRecorder records the Frame in these colours.
# Seen:    it copies the bytes and not what they mean. TYPE_INT_RGB, to which pictures are often brought before they are made smaller, comes back
#          transparent and with red and blue exchanged, TYPE_INT_ARGB with them exchanged, and one with a palette as grey. Recorded without
#          loss, each picture of four channels is moved by one of them: its red is 0 or 255, its green is the red or the blue. So is
#          TYPE_4BYTE_ABGR, which ImageIO gives for a PNG with an alpha. There is no error. The project knows it as its issues 181
#          (2015) and 1075 (2018).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.bytedeco</groupId><artifactId>javacv</artifactId><version>1.5.14</version><exclusions>
<exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.14</version></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.14</version><classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.1.2-1.5.14</version></dependency>
<dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>8.1.2-1.5.14</version><classifier>linux-x86_64</classifier></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Java2DFrameConverter;
public class Main {
    static final int SIZE = 64;
    /** Alpha, red, green and blue: a picture of (200, 60, 20), which palettes have as (204, 51, 0). */
    static String shown(int argb) {
        return (argb >>> 24) + ":" + (argb >> 16 & 255) + "," + (argb >> 8 & 255) + "," + (argb & 255);
    }
    static String recorded(BufferedImage picture) throws Exception {
        var file = new File("one.avi");
        try (var recorder = new FFmpegFrameRecorder(file, SIZE, SIZE); var converter = new Java2DFrameConverter()) {
            recorder.setVideoCodec(avcodec.AV_CODEC_ID_FFV1);
            recorder.setPixelFormat(avutil.AV_PIX_FMT_BGR0);
            recorder.start();
            recorder.record(converter.convert(picture));
        }
        try (var grabber = new FFmpegFrameGrabber(file)) {
            grabber.start();
            var bgr = (ByteBuffer) grabber.grabImage().image[0];
            return (bgr.get(2) & 255) + "," + (bgr.get(1) & 255) + "," + (bgr.get(0) & 255);
        }
    }
    static void convert(String type, int number) throws Exception {
        var picture = new BufferedImage(SIZE, SIZE, number);
        for (int i = 0; i < SIZE * SIZE; i++) {
            picture.setRGB(i % SIZE, i / SIZE, 0xFF << 24 | 200 << 16 | 60 << 8 | 20);
        }
        try (var converter = new Java2DFrameConverter()) {
            var back = converter.convert(converter.convert(picture));
            System.out.println(type + ": " + shown(picture.getRGB(5, 5)) + " comes back as " + shown(back.getRGB(5, 5))
                    + " and is recorded as " + recorded(picture));
        }
    }
    public static void main(String[] a) throws Exception {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        convert("INT_RGB", BufferedImage.TYPE_INT_RGB);
        convert("INT_ARGB", BufferedImage.TYPE_INT_ARGB);
        convert("INT_BGR", BufferedImage.TYPE_INT_BGR);
        convert("3BYTE_BGR", BufferedImage.TYPE_3BYTE_BGR);
        convert("4BYTE_ABGR", BufferedImage.TYPE_4BYTE_ABGR);
        convert("BYTE_INDEXED", BufferedImage.TYPE_BYTE_INDEXED);
    }
}
J
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'P'
INT_RGB: 255:200,60,20 comes back as 0:20,60,200 and is recorded as 0,200,60
INT_ARGB: 255:200,60,20 comes back as 255:20,60,200 and is recorded as 255,200,60
INT_BGR: 255:200,60,20 comes back as 0:200,60,20 and is recorded as 0,20,60
3BYTE_BGR: 255:200,60,20 comes back as 255:200,60,20 and is recorded as 200,60,20
4BYTE_ABGR: 255:200,60,20 comes back as 255:200,60,20 and is recorded as 255,20,60
BYTE_INDEXED: 255:204,51,0 comes back as 255:202,202,202 and is recorded as 150,150,150
P
echo 'as seen: the bytes are copied, and not what they mean'
