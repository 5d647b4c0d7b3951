#!/usr/bin/env bash
# JCodec 0.2.5 (Java): the frames of a video that it wrote are darker in the dark than the pictures that it was given.
#
# Guessed: a grey picture that AWTSequenceEncoder writes into an MP4 (H.264) comes back as the same grey, within 5, from its own FrameGrab
#          as from FFmpeg.
# Seen:    16 becomes 0, 40 becomes 24, 128 becomes 123, and 0 and 255 stay. FFmpeg 8.1.2 (by JavaCV) reads the same file as JCodec does, and JCodec
#          reads FFmpeg's file as it was: the writer stores brightness over the full range, as JPEG does, and leaves out to say so in the
#          file, so that each reader takes it for the narrow range of video and widens it. There is no error and no setting. A model that
#          was trained on single pictures sees others when they are taken out of such a recording.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.jcodec</groupId><artifactId>jcodec-javase</artifactId><version>0.2.5</version></dependency>
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
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.awt.AWTSequenceEncoder;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.model.Picture;
import org.jcodec.scale.AWTUtil;
public class Main {
    static final List<Integer> GREYS = List.of(0, 16, 40, 80, 128, 200, 255);
    static final int SIZE = 64;
    static void byJcodec(File file) throws Exception {
        var encoder = AWTSequenceEncoder.createSequenceEncoder(file, 25);
        for (int grey : GREYS) {
            var picture = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_3BYTE_BGR);
            for (int i = 0; i < SIZE * SIZE; i++) {
                picture.setRGB(i % SIZE, i / SIZE, grey << 16 | grey << 8 | grey);
            }
            encoder.encodeImage(picture);
        }
        encoder.finish();
    }
    static void byFfmpeg(File file) throws Exception {
        try (var recorder = new FFmpegFrameRecorder(file, SIZE, SIZE)) {
            recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
            recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
            recorder.setVideoBitrate(4_000_000);
            recorder.start();
            for (int grey : GREYS) {
                var frame = new Frame(SIZE, SIZE, Frame.DEPTH_UBYTE, 3);
                ByteBuffer pixels = (ByteBuffer) frame.image[0];
                for (int i = 0; i < pixels.capacity(); i++) {
                    pixels.put(i, (byte) grey);
                }
                recorder.record(frame);
            }
        }
    }
    static List<Integer> readByJcodec(File file) throws Exception {
        List<Integer> out = new ArrayList<>();
        try (var channel = NIOUtils.readableChannel(file)) {
            var grab = FrameGrab.createFrameGrab(channel);
            for (Picture picture; (picture = grab.getNativeFrame()) != null;) {
                out.add(AWTUtil.toBufferedImage(picture).getRGB(SIZE / 2, SIZE / 2) & 255);
            }
        }
        return out;
    }
    static List<Integer> readByFfmpeg(File file) throws Exception {
        List<Integer> out = new ArrayList<>();
        try (var grabber = new FFmpegFrameGrabber(file)) {
            grabber.start();
            for (Frame frame; (frame = grabber.grabImage()) != null;) {
                out.add(((ByteBuffer) frame.image[0]).get(SIZE / 2 * frame.imageStride + SIZE / 2 * 3) & 255);
            }
        }
        return out;
    }
    static void compare(String what, List<Integer> got) {
        boolean near = got.size() == GREYS.size();
        for (int i = 0; near && i < got.size(); i++) {
            near = Math.abs(got.get(i) - GREYS.get(i)) <= 5;
        }
        System.out.println(what + ": " + (near ? "as written" : got + " and not " + GREYS));
    }
    public static void main(String[] a) throws Exception {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        var one = new File("jcodec.mp4");
        byJcodec(one);
        var other = new File("ffmpeg.mp4");
        byFfmpeg(other);
        compare("written by JCodec, read by JCodec", readByJcodec(one));
        compare("written by JCodec, read by FFmpeg", readByFfmpeg(one));
        compare("written by FFmpeg, read by JCodec", readByJcodec(other));
        compare("written by FFmpeg, read by FFmpeg", readByFfmpeg(other));
    }
}
J
java -cp 'lib/*' Main.java 2>err | tee out || { cat err; exit 1; }
diff out - <<'P'
written by JCodec, read by JCodec: [0, 0, 24, 70, 123, 199, 255] and not [0, 16, 40, 80, 128, 200, 255]
written by JCodec, read by FFmpeg: [0, 0, 24, 69, 123, 199, 255] and not [0, 16, 40, 80, 128, 200, 255]
written by FFmpeg, read by JCodec: as written
written by FFmpeg, read by FFmpeg: as written
P
echo 'as seen: the dark becomes darker'
