package io.acclimate.app.options;

import io.acclimate.core.DomainId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a domain. */
public final class DomainText implements ITypeConverter<DomainId> {
    @Override
    public DomainId convert(String text) {
        try {
            return new DomainId(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
