package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of {@code ops/tutorial.md} as they stand, each in a process of its own, on pictures that are drawn here. */
@Tag("harness-long")
class TutorialIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String COMMAND = "    java -jar target/acclimate.jar ";
    private static final List<String> SHAPES = List.of("circle", "cross", "square", "stripes");
    private static final int SIZE = 40;

    @TempDir
    Path folder;

    private final Random random = new Random(1);
    private Properties ready = new Properties();

    @Test
    void theCommandsOfTheTutorialWorkAsTheyStand() throws Exception {
        draw("source/train", 60, false);
        draw("source/test", 15, false);
        draw("target", 200, true);
        List<String> commands = Files.readAllLines(Path.of("ops", "tutorial.md")).stream()
                .filter(line -> line.startsWith(COMMAND))
                .map(line -> line.substring(COMMAND.length()))
                .toList();
        assertThat(commands).hasSizeGreaterThan(7);
        Process up = null;
        try {
            for (String command : commands) {
                if (command.startsWith("up ")) {
                    up = start(command, "up");
                    await().atMost(LIMIT).until(() -> Files.exists(folder.resolve("ready")));
                    ready.load(Files.newBufferedReader(folder.resolve("ready")));
                } else if (command.equals("versions")) {
                    await().atMost(LIMIT)
                            .untilAsserted(() -> assertThat(run(command)).containsPattern("\\*[1-9]"));
                } else {
                    run(command);
                }
            }
        } finally {
            if (up != null) {
                up.destroy();
                assertThat(up.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(folder.resolve("report.html")).content().contains("Domain default");
        assertThat(folder.resolve("adapted.onnx")).exists();
        assertThat(folder.resolve("adapted.yaml")).content().contains("acclimate.version");
    }

    private String run(String command) throws Exception {
        String name = command.replaceAll("\\W+", "-");
        Process process = start(command, name);
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(folder.resolve(name + ".log"));
        assertThat(process.exitValue()).as("%s: %s", command, said).isZero();
        return said;
    }

    /** Ports and the address of Kafka come from the environment, so that the commands need no change. */
    private Process start(String command, String name) throws IOException {
        Path arguments = Files.writeString(
                folder.resolve(name + ".args"),
                "-Djava.awt.headless=true\n-cp \""
                        + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n");
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + arguments,
                Main.class.getName()));
        words.addAll(List.of(command.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().put("ACCLIMATE_KAFKA_PORT", "0");
        builder.environment().put("ACCLIMATE_HTTP_PORT", "none");
        builder.environment().put("ACCLIMATE_READY_FILE", "ready");
        builder.environment().put("ACCLIMATE_BOOTSTRAP", ready.getProperty("kafka", "localhost:1"));
        return builder.start();
    }

    private void draw(String where, int each, boolean inverted) throws IOException {
        for (String shape : SHAPES) {
            Path directory = Files.createDirectories(folder.resolve(where).resolve(shape));
            for (int i = 0; i < each; i++) {
                ImageIO.write(
                        picture(shape, inverted),
                        "png",
                        directory.resolve(i + ".png").toFile());
            }
        }
    }

    /** A dark shape on light ground, or the other way round, at some place and of some size, with noise. */
    private BufferedImage picture(String shape, boolean inverted) {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, SIZE, SIZE);
        graphics.setColor(new Color(random.nextInt(90), random.nextInt(90), random.nextInt(90)));
        graphics.setStroke(new BasicStroke(4));
        int side = 18 + random.nextInt(10);
        int x = 2 + random.nextInt(SIZE - side - 4);
        int y = 2 + random.nextInt(SIZE - side - 4);
        switch (shape) {
            case "circle" -> graphics.fillOval(x, y, side, side);
            case "square" -> graphics.fillRect(x, y, side, side);
            case "cross" -> {
                graphics.drawLine(x, y, x + side, y + side);
                graphics.drawLine(x, y + side, x + side, y);
            }
            default -> {
                for (int row = 0; row < side; row += 8) {
                    graphics.fillRect(x, y + row, side, 4);
                }
            }
        }
        graphics.dispose();
        for (int i = 0; i < SIZE * SIZE; i++) {
            int rgb = image.getRGB(i % SIZE, i / SIZE) ^ (inverted ? 0xFFFFFF : 0);
            int noise = random.nextInt(24);
            image.setRGB(i % SIZE, i / SIZE, rgb ^ (noise << 16 | noise << 8 | noise));
        }
        return image;
    }
}
