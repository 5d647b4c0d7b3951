package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    private static final DomainId DOMAIN = new DomainId("camera-1");

    private final ControlCodec codec = new ControlCodec();

    static Stream<ControlCommand> commands() {
        return Stream.of(
                new ControlCommand.Activate("c-1", DOMAIN, 4),
                new ControlCommand.Rollback("c-2", DOMAIN),
                new ControlCommand.Pause("c-3", DOMAIN),
                new ControlCommand.Resume("c-4", DOMAIN),
                new ControlCommand.Pin("c-5", DOMAIN, 7),
                new ControlCommand.Unpin("c-6", DOMAIN, 7),
                new ControlCommand.Note("c-7", DOMAIN, 7, "before the new lens"),
                new ControlCommand.Retire("c-8", DOMAIN, "asked by the site"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandComesBackAsItWas(ControlCommand command) {
        assertThat(codec.decode(codec.encode(command))).isEqualTo(command);
    }

    @Test
    void anyClientCanSendAVerbAsJson() {
        assertThat(read("{\"id\":\"c-1\",\"domain\":\"camera-1\",\"activate\":{\"version\":4}}"))
                .isEqualTo(new ControlCommand.Activate("c-1", DOMAIN, 4));
    }

    @Test
    void aCommandWithoutDomainOrVerbIsUnreadableAndNamed() {
        assertThatThrownBy(() -> read("{\"id\":\"c-1\",\"pause\":{}}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("command 'c-1' has no valid domain id");
        assertThatThrownBy(() -> read("{\"id\":\"c-1\",\"domain\":\"camera-1\"}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("command 'c-1' names no verb");
    }

    @Test
    void aNoteThatIsTooLongIsUnreadable() {
        String text = "a".repeat(ControlCommand.LONGEST_NOTE + 1);

        assertThatThrownBy(() -> read(
                        "{\"id\":\"c-1\",\"domain\":\"camera-1\",\"note\":{\"version\":1,\"text\":\"" + text + "\"}}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("command 'c-1': a note has at most 1000 characters, got 1001");
    }

    @Test
    void aReasonThatIsTooLongIsUnreadable() {
        String text = "a".repeat(ControlCommand.LONGEST_NOTE + 1);

        assertThatThrownBy(
                        () -> read("{\"id\":\"c-1\",\"domain\":\"camera-1\",\"retire\":{\"reason\":\"" + text + "\"}}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("command 'c-1': a reason has at most 1000 characters, got 1001");
    }

    private ControlCommand read(String json) {
        return codec.decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
