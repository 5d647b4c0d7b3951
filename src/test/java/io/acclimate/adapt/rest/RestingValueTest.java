package io.acclimate.adapt.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestingValueTest {
    private final Awake awake = new Awake(1);
    private int written;
    private int read;
    private final RestingValue<String> value = new RestingValue<>(awake, "first", this::write, this::read);

    private byte[] write(String text) {
        written++;
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String read(byte[] bytes) {
        read++;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @AfterEach
    void close() {
        awake.close();
    }

    @Test
    void comesBackAfterARestAndIsReadOnce() {
        value.rest();

        assertThat(value.get()).isEqualTo("first");
        assertThat(value.get()).isEqualTo("first");
        assertThat(read).isOne();
    }

    @Test
    void whatHasNotChangedIsNotWrittenAgain() {
        for (int i = 0; i < 3; i++) {
            value.rest();
            assertThat(value.get()).isEqualTo("first");
        }

        assertThat(written).isOne();
    }

    @Test
    void whatHasChangedIsWrittenAgain() {
        value.rest();
        value.set("second");
        value.rest();

        assertThat(value.get()).isEqualTo("second");
        assertThat(written).isEqualTo(2);
    }

    @Test
    void whatIsNotAskedForIsNotRead() {
        value.rest();
        value.rest();

        assertThat(written).isOne();
        assertThat(read).isZero();
    }

    @Test
    void staysInMemoryWhenItCannotBeWritten() {
        RestingValue<String> kept = new RestingValue<>(
                awake,
                "kept",
                text -> {
                    throw new UncheckedIOException(new IOException("no space left"));
                },
                this::read);

        assertThatThrownBy(kept::rest).isInstanceOf(UncheckedIOException.class);

        assertThat(kept.get()).isEqualTo("kept");
        assertThat(read).isZero();
    }

    @Test
    void givesItsPlaceInTheFileBack() {
        value.rest();
        value.set("other");
        value.rest();
        value.forget();

        assertThat(awake.bytesOnDisk()).isZero();
        assertThatIllegalStateException().isThrownBy(value::get);
    }
}
