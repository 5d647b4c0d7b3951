package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final StubRegistry stub = new StubRegistry();
    private final TopicSchema schema = TopicSchema.predictions(new Topics("shop-"));

    @AfterEach
    void close() {
        stub.close();
    }

    private SchemaRegistry registry() {
        return new SchemaRegistry(stub.url(), Optional.of("me:s3cret"), TIMEOUT);
    }

    @Test
    void theSchemaIsRegisteredUnderTheTopicsSubject() throws Exception {
        assertThat(registry().register(schema)).isEqualTo(new Registration.Registered(42));

        StubRegistry.Asked asked = stub.asked().get(0);
        assertThat(asked.path()).isEqualTo("POST /api/subjects/shop-predictions-value/versions");
        assertThat(asked.authorization()).contains("Basic bWU6czNjcmV0");
        Struct.Builder body = Struct.newBuilder();
        JsonFormat.parser().merge(asked.body(), body);
        assertThat(body.getFieldsOrThrow("schemaType").getStringValue()).isEqualTo("PROTOBUF");
        assertThat(body.getFieldsOrThrow("schema").getStringValue()).isEqualTo(schema.text());
    }

    @Test
    void aRefusalNamesSubjectAndAnswerAndNoSecret() throws Exception {
        stub.answering(409, "{\"error_code\":409,\"message\":\"incompatible: field 3 is gone\"}");

        Registration answer = registry().register(schema);

        assertThat(answer).isInstanceOf(Registration.Refused.class);
        assertThat(answer.toString())
                .contains(
                        "409",
                        "shop-predictions-value",
                        "incompatible: field 3 is gone",
                        stub.url().toString())
                .doesNotContain("s3cret");
        assertThatThrownBy(() -> schema.framed(io.acclimate.wire.v1.Prediction.getDefaultInstance()))
                .hasMessageContaining("not registered");
    }

    @Test
    void whatAskingAgainCannotMendIsRefused() throws Exception {
        for (int status : List.of(301, 400, 401, 403, 404, 422)) {
            assertThat(registry().register(schemaAnswered(status, "no"))).isInstanceOf(Registration.Refused.class);
        }
        for (String body :
                List.of("", "<html>", "{}", "{\"id\":\"7\"}", "{\"id\":1.5}", "{\"id\":-1}", "[", "{\"id\":null}")) {
            assertThat(registry().register(schemaAnswered(200, body)))
                    .as(body)
                    .isInstanceOf(Registration.Refused.class);
        }
    }

    @Test
    void aRegistryInTroubleIsAskedAgain() throws Exception {
        for (int status : List.of(500, 502, 503, 429, 408)) {
            assertThat(registry().register(schemaAnswered(status, ""))).isInstanceOf(Registration.Away.class);
        }
        URI url = stub.url();
        stub.close();

        Registration answer = new SchemaRegistry(url, Optional.empty(), TIMEOUT).register(schema);

        assertThat(answer).isInstanceOf(Registration.Away.class);
        assertThat(answer.toString()).contains(url.toString(), "shop-predictions-value");
    }

    @Test
    void aUrlWithCredentialsOrOfAnotherSchemeIsRefused() {
        for (String url : List.of("http://me:s3cret@host/", "ftp://host", "host:8081", "http://host?x=1", "http:/x")) {
            assertThatThrownBy(() -> new SchemaRegistry(URI.create(url), Optional.empty(), TIMEOUT))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    private TopicSchema schemaAnswered(int status, String body) {
        stub.answering(status, body);
        return schema;
    }
}
