package io.acclimate.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one request that framed records need from a schema registry with Confluent's HTTP interface (Confluent's own, Apicurio's
 * {@code /apis/ccompat/v7}, Karapace, Redpanda): it registers a schema under a subject, and returns the id of an equal schema that
 * exists already. Apicurio's client was rejected because it brings 86 jars and 59 MB for this request.
 *
 * <p>Any thread; a call takes at most the timeout. Credentials are sent with HTTP basic authentication and appear in no message.
 */
public final class SchemaRegistry {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int QUOTED = 500;

    private final URI url;
    private final Optional<String> authorization;
    private final Duration timeout;
    private final HttpClient client;

    /** @param credentials {@code USER:PASSWORD} */
    public SchemaRegistry(URI url, Optional<String> credentials, Duration timeout) {
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "a schema registry's URL is http(s)://HOST[:PORT][/PATH], without credentials in it");
        }
        if (credentials.isPresent() && credentials.get().indexOf(':') < 1) {
            throw new IllegalArgumentException("a schema registry's credentials are USER:PASSWORD");
        }
        this.url = URI.create(url.toString().replaceAll("/+$", ""));
        this.authorization = credentials.map(
                text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        this.timeout = timeout;
        this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    public URI url() {
        return url;
    }

    /** Asks once. From {@link Registration.Registered} on, the schema frames messages. */
    public Registration register(TopicSchema schema) throws InterruptedException {
        String subject = schema.subject();
        String text = schema.text();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        url + "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions"))
                .timeout(timeout)
                .header("Content-Type", MEDIA_TYPE)
                .header("Accept", MEDIA_TYPE + ", application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new JsonText(text.length() + 256)
                        .raw("{\"schemaType\":\"PROTOBUF\",\"schema\":")
                        .string(text)
                        .raw("}")
                        .utf8()));
        authorization.ifPresent(value -> request.header("Authorization", value));
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            Registration registration = registration(subject, response.statusCode(), response.body());
            if (registration instanceof Registration.Registered registered) {
                schema.registeredAs(registered.id());
            }
            return registration;
        } catch (ExecutionException e) {
            return new Registration.Away(
                    "the schema registry at " + url + " does not answer about " + subject + ": " + e.getCause());
        } catch (TimeoutException e) {
            return new Registration.Away(
                    "the schema registry at " + url + " gave no answer about " + subject + " within " + timeout);
        } finally {
            answer.cancel(true);
        }
    }

    private Registration registration(String subject, int status, String body) {
        Optional<Struct> parsed = json(body);
        Optional<Integer> id = parsed.flatMap(json -> id(json.getFieldsMap().get("id")));
        if (status == 200 && id.isPresent()) {
            return new Registration.Registered(id.get());
        }
        String said = parsed.map(json -> json.getFieldsMap().get("message"))
                .map(Value::getStringValue)
                .filter(message -> !message.isEmpty())
                .orElse(body.strip());
        String message = "the schema registry at " + url + " answered " + status + " to the schema of subject "
                + subject + (said.isEmpty() ? "" : ": " + said.substring(0, Math.min(QUOTED, said.length())));
        return status >= 500 || status == 408 || status == 429
                ? new Registration.Away(message)
                : new Registration.Refused(message);
    }

    private static Optional<Struct> json(String body) {
        try {
            Struct.Builder json = Struct.newBuilder();
            JsonFormat.parser().merge(body, json);
            return Optional.of(json.build());
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> id(@org.jspecify.annotations.Nullable Value value) {
        if (value == null || value.getKindCase() != Value.KindCase.NUMBER_VALUE) {
            return Optional.empty();
        }
        double number = value.getNumberValue();
        return number >= 0 && number <= Integer.MAX_VALUE && number == Math.rint(number)
                ? Optional.of((int) number)
                : Optional.empty();
    }
}
