package io.acclimate.app.options;

import io.acclimate.web.WebSettings;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The port on which a process answers HTTP.
 *
 * @param number 0 for any free port; empty when no HTTP is answered
 */
public record HttpPort(OptionalInt number) {
    private static final int HIGHEST = 65_535;
    private static final String NO_HTTP = "none";

    public static final HttpPort DEFAULT = of(WebSettings.DEFAULT_PORT);
    public static final HttpPort NONE = new HttpPort(OptionalInt.empty());

    public static HttpPort of(int number) {
        return new HttpPort(OptionalInt.of(number));
    }

    /** As it is written on a command line. */
    @Override
    public String toString() {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : NO_HTTP;
    }

    /** Reads what {@link #toString} writes. */
    static final class Text implements ITypeConverter<HttpPort> {
        @Override
        public HttpPort convert(String text) {
            if (text.equals(NO_HTTP)) {
                return NONE;
            }
            if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST) {
                return of(Integer.parseInt(text));
            }
            throw new TypeConversionException("'" + text + "' is no port from 1 to " + HIGHEST
                    + ", nor 0 for any free port, nor " + NO_HTTP + " for no HTTP");
        }
    }
}
