package io.acclimate.client;

import io.acclimate.Golden;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientApiGoldenTest {
    @Test
    void programsAreCompiledAgainstTheseMethods() {
        Golden.assertText(
                ClientApiGoldenTest.class,
                "api.txt",
                "Other people's programs call these methods: one that changes or goes breaks their build.",
                Stream.of(AcclimateClient.class, PredictionReader.class)
                        .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                        .filter(each -> Modifier.isPublic(each.getModifiers()))
                        .map(Method::toGenericString)
                        .sorted()
                        .collect(Collectors.joining("\n", "", "\n")));
    }
}
