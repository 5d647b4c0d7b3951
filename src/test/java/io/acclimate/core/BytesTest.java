package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
    @Test
    void equalityIsOfTheBytes() {
        assertThat(Bytes.utf8("é"))
                .isEqualTo(Bytes.wrap(new byte[] {(byte) 0xc3, (byte) 0xa9}))
                .hasSameHashCodeAs(Bytes.copyOf(new byte[] {(byte) 0xc3, (byte) 0xa9}))
                .isNotEqualTo(Bytes.EMPTY)
                .isNotEqualTo(new byte[] {(byte) 0xc3, (byte) 0xa9});
    }

    @Test
    void aCopyIsSafeFromItsSourceAndAWrapIsNot() {
        byte[] source = {1, 2};
        Bytes copy = Bytes.copyOf(source);
        Bytes wrap = Bytes.wrap(source);

        source[0] = 9;

        assertThat(copy.array()).containsExactly(1, 2);
        assertThat(wrap.array()).containsExactly(9, 2);
    }

    @Test
    void aBufferCannotWrite() {
        ByteBuffer buffer = Bytes.utf8("abc").buffer();

        assertThat(buffer.remaining()).isEqualTo(3);
        assertThatThrownBy(() -> buffer.put(0, (byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void logsItsSizeAndNotItsContent() {
        assertThat(Bytes.utf8("secret")).hasToString("6 bytes");
        assertThat(Bytes.EMPTY.isEmpty()).isTrue();
        assertThat(Bytes.utf8("x").isEmpty()).isFalse();
    }

    @Test
    void aPayloadIsATensorByItsContentTypeAlone() {
        assertThat(payload(Payload.TENSOR_F32).isTensor()).isTrue();
        assertThat(new Payload(Bytes.EMPTY, Optional.empty()).isTensor()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/octet-stream", ""})
    void everyOtherContentTypeIsNoTensor(String type) {
        assertThat(payload(type).isTensor()).isFalse();
    }

    private static Payload payload(String type) {
        return new Payload(Bytes.EMPTY, Optional.of(type));
    }
}
