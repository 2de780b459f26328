# docker build -t trl-lint . && docker run --rm -v "$PWD:/project:ro" trl-lint
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --quiet --no-cache-dir --wheel-dir /wheels .

FROM python:3.13-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --quiet --no-cache-dir --no-index --find-links /wheels trl-lint \
    && useradd --create-home lint
USER lint
WORKDIR /project
ENTRYPOINT ["trl-lint"]
CMD ["check"]
